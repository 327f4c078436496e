import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { preload, startMeasured } from '../measure.ts'
import type { FirstRecord } from '../stream/run.ts'

export interface Started {
  readonly ms: number
  readonly cpuMs: number
}

const pollMs = 2

/** A process from its start to its end. */
export async function startToEnd(
  args: readonly string[],
  folder: string,
  cores: number | undefined
): Promise<Started> {
  const { child, startedAt, usage } = startMeasured(args, folder, { cores, isQuiet: true })
  child.stdout?.resume()
  const ended = once(child, 'exit').then(() => performance.timeOrigin + performance.now())
  const { cpuSeconds } = await usage
  return { ms: (await ended) - startedAt, cpuMs: cpuSeconds * 1_000 }
}

/** A process that reads with KafkaJS, from its start to the first batch; then it is stopped. */
export async function startToFirstRecord(
  args: readonly string[],
  firstFile: string,
  cores: number | undefined
): Promise<Started> {
  const { child, startedAt, usage } = startMeasured(args, `${firstFile}-usage`, {
    cores,
    nodeArgs: preload('first-batch.js'),
    env: { BENCH_FIRST: firstFile }
  })
  child.stdout?.resume()
  // Stopped early, it may leave no usage.
  const ended = usage.catch(() => {})
  const isOver = once(child, 'exit').then(() => true)
  while (!existsSync(firstFile)) {
    if (await Promise.race([isOver, sleep(pollMs, false)])) throw new Error(`${args[0]} ended before it read`)
  }
  // Node keeps what it has compiled where a process ends by itself.
  child.kill('SIGTERM')
  await ended
  const { at, cpuSeconds } = JSON.parse(readFileSync(firstFile, 'utf8')) as FirstRecord
  return { ms: at - startedAt, cpuMs: cpuSeconds * 1_000 }
}
