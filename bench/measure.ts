import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedTo } from './pinned.ts'

export interface Usage {
  /** User and system, from start to exit. */
  readonly cpuSeconds: number
  readonly peakBytes: number
}

export interface Measured {
  readonly child: ChildProcess
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number
  /** Resolves when the process has ended well. */
  readonly usage: Promise<Usage>
}

export interface MeasuredOptions {
  /** The process may use so many cores; all of them where it is not given. */
  readonly cores?: number | undefined
  readonly nodeArgs?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Its standard error is not shown. */
  readonly isQuiet?: boolean
}

const root = fileURLToPath(new URL('..', import.meta.url))

const usageModule = fileURLToPath(new URL('preload/usage.cjs', import.meta.url))

/** A module that a measured process loads first. */
export const preload = (name: 'first-batch.js' | 'codecs.ts'): readonly string[] => [
  '--import',
  fileURLToPath(new URL(`preload/${name}`, import.meta.url))
]

/** Starts a fresh Node process in the project's folder whose CPU time and peak memory are taken at its exit. */
export function startMeasured(
  args: readonly string[],
  folder: string,
  { cores, nodeArgs = [], env = {}, isQuiet = false }: MeasuredOptions = {}
): Measured {
  const usageFile = join(folder, 'usage.json')
  const [command, ...given] = pinnedTo(cores, [
    process.execPath,
    '--require',
    usageModule,
    ...nodeArgs,
    ...args
  ])
  const startedAt = performance.timeOrigin + performance.now()
  const child = spawn(command, given, {
    cwd: root,
    env: { ...process.env, ...env, BENCH_USAGE: usageFile },
    stdio: ['ignore', 'pipe', isQuiet ? 'ignore' : 'inherit']
  })
  const usage = once(child, 'exit').then(async ([code, signal]) => {
    if (code !== 0) throw new Error(`${args[0]} ended with ${code ?? signal}`)
    return JSON.parse(await readFile(usageFile, 'utf8')) as Usage
  })
  return { child, startedAt, usage }
}
