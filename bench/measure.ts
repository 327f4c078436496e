import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One run of one process over the whole topic. */
export interface Run {
  readonly eventsPerSecond: number
  /** User and system, from start to exit. */
  readonly cpuSeconds: number
  readonly peakBytes: number
}

export type Usage = Pick<Run, 'cpuSeconds' | 'peakBytes'>

export interface Measured {
  readonly child: ChildProcess
  /** Resolves when the process has ended well. */
  readonly usage: Promise<Usage>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const preload = fileURLToPath(new URL('usage.ts', import.meta.url))

/** Starts a fresh Node process in the project's folder whose CPU time and peak memory are taken at its exit. */
export function startMeasured(args: readonly string[], folder: string): Measured {
  const usageFile = join(folder, 'usage.json')
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    cwd: root,
    env: { ...process.env, BENCH_USAGE: usageFile },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const usage = once(child, 'exit').then(async ([code, signal]) => {
    if (code !== 0) throw new Error(`${args[0]} ended with ${code ?? signal}`)
    return JSON.parse(await readFile(usageFile, 'utf8')) as Usage
  })
  return { child, usage }
}
