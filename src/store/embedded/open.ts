import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Endpoint, endpointSchema, readEndpoint } from './endpoint.ts'
import { type EngineFailure, isLocked, startFailure } from './start-failure.ts'

export interface Embedded extends Endpoint {
  /** Ends the child where it is ours, when the statements under way are done; else does nothing. */
  close(): Promise<void>
  /** False when the child that we started has ended. */
  alive(): boolean
}

const childPath = fileURLToPath(new URL('./child.ts', import.meta.url))
/** A start takes about one second. */
const openMs = 30_000
/** An engine that ends holds its folder for up to 5 s. */
const lockedMs = 6_000
const retryMs = 100
const pingMs = 2_000
const closeMs = 7_000
/** All that it needs: the environment of this process may hold secrets, a wrong TZ, or options that run code. */
const childEnvironment = { TZ: 'UTC', LANG: 'C.UTF-8' }

type Started = { readonly embedded: Embedded } | { readonly failure: EngineFailure }

/** Takes what the user should know although the folder opens: that it is in use and waited for, or damaged. */
export type OnNote = (text: string) => void

export interface EmbeddedOptions {
  readonly onNote?: OnNote | undefined
  /** An engine that is started here refuses rows while it has more on its disk. */
  readonly maxBytes?: number | undefined
}

/**
 * Connects to the engine that runs on a folder, or starts one. Rejects with EMBEDDED_MISSING where chdb is not
 * installed, FOLDER_LOCKED where the folder cannot be used: at once, or after `lockedMs` where another process holds it.
 */
export async function openEmbedded(
  folder: string,
  { onNote = () => {}, maxBytes = Number.POSITIVE_INFINITY }: EmbeddedOptions = {}
): Promise<Embedded> {
  const deadline = AbortSignal.timeout(openMs)
  let lockedUntil: AbortSignal | undefined
  for (;;) {
    const running = readEndpoint(folder)
    if (running !== undefined && (await answers(running)))
      return { ...running, alive: () => true, close: async () => {} }
    const started = await start(folder, maxBytes, deadline)
    if ('embedded' in started) return started.embedded
    if (!isLocked(started.failure) || lockedUntil?.aborted) throw startFailure(folder, started.failure)
    if (lockedUntil === undefined)
      onNote(
        `another process uses the store folder ${folder}: waiting up to ${lockedMs / 1_000} s for it to end`
      )
    lockedUntil ??= AbortSignal.timeout(lockedMs)
    await new Promise(resolve => setTimeout(resolve, retryMs))
  }
}

/** Whether an engine runs on a folder now. */
export async function isServed(folder: string): Promise<boolean> {
  const running = readEndpoint(folder)
  return running !== undefined && (await answers(running))
}

async function answers({ url, user, password }: Endpoint): Promise<boolean> {
  try {
    const headers = { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password }
    const response = await fetch(`${url}/ping`, { headers, signal: AbortSignal.timeout(pingMs) })
    return response.status === 200 && (await response.text()) === 'Ok.\n'
  } catch {
    return false
  }
}

async function start(folder: string, maxBytes: number, deadline: AbortSignal): Promise<Started> {
  const child = spawn(process.execPath, [childPath, folder, String(maxBytes)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment
  })
  const errors = tailOf(child)
  const said = answerIn(await firstLine(child, deadline))
  if (said !== undefined && 'url' in said) {
    release(child)
    return { embedded: { ...said, alive: () => isAlive(child), close: () => close(child) } }
  }
  // What it wrote last is why.
  const ended = new Promise(resolve => child.once('close', resolve))
  child.kill('SIGKILL')
  if (isAlive(child) || !child.stderr?.closed) await ended
  return { failure: { said, errors: errors() } }
}

const childAnswer = z.union([endpointSchema, z.object({ error: z.string(), message: z.string() })])

/** What `child.ts` writes: an endpoint, or why there is none; undefined for anything else. */
function answerIn(line: string | undefined): z.infer<typeof childAnswer> | undefined {
  try {
    return childAnswer.parse(JSON.parse(line ?? ''))
  } catch {
    return undefined
  }
}

/** The first line of the child's standard output; undefined where it ends or the deadline passes before. */
function firstLine(child: ChildProcess, deadline: AbortSignal): Promise<string | undefined> {
  return new Promise(resolve => {
    let text = ''
    const done = (line: string | undefined) => {
      deadline.removeEventListener('abort', give)
      resolve(line)
    }
    const give = () => done(undefined)
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) done(text.slice(0, end))
    })
    child.on('close', give).on('error', give)
    if (deadline.aborted) give()
    deadline.addEventListener('abort', give)
  })
}

/** Keeps reading what the child writes to its standard error, so that it never waits; gives the end of it. */
function tailOf(child: ChildProcess): () => string {
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-2_000)
  })
  return () => tail
}

/** A child must not keep its parent alive: the parent's end closes the child's standard input, and so ends it. */
function release(child: ChildProcess): void {
  child.unref()
  for (const stream of child.stdio) if (stream && 'unref' in stream) (stream as { unref(): void }).unref()
  child.stdin?.on('error', () => {})
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

async function close(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const late = setTimeout(() => child.kill('SIGKILL'), closeMs)
  child.ref()
  child.stdin?.end()
  await ended
  clearTimeout(late)
}
