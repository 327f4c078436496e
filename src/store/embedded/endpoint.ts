import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Where an engine answers, and with what. */
export const endpointSchema = z.object({ url: z.url(), user: z.string(), password: z.string() }).readonly()
export type Endpoint = z.infer<typeof endpointSchema>

const path = (folder: string) => join(folder, 'endpoint.json')

/** Only its owner may read the file: it carries the password. Written whole or not at all. The pid is for people. */
export function writeEndpoint(folder: string, endpoint: Endpoint): void {
  const draft = `${path(folder)}.${process.pid}`
  try {
    writeFileSync(draft, JSON.stringify({ ...endpoint, pid: process.pid }), { mode: 0o600 })
    renameSync(draft, path(folder))
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** The endpoint that was written last, of a living engine or a dead one; undefined where there is none to be read. */
export function readEndpoint(folder: string): Endpoint | undefined {
  try {
    return endpointSchema.parse(JSON.parse(readFileSync(path(folder), 'utf8')))
  } catch {
    return undefined
  }
}

/** Takes the file away, unless another engine has written its own. */
export function removeEndpoint(folder: string, password: string): void {
  if (readEndpoint(folder)?.password === password) rmSync(path(folder), { force: true })
}
