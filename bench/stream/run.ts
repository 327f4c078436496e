import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Measured, type MeasuredOptions, preload, startMeasured, type Usage } from '../measure.ts'

/** One run of one process over the whole topic. */
export interface Run extends Usage {
  readonly events: number
  readonly eventsPerSecond: number
  /** From the start of the process to the first batch of records. */
  readonly firstRecordMs: number
  /** User and system, from the first batch to the exit, in microseconds. */
  readonly cpuPerEvent: number
}

export interface Reading extends Omit<Measured, 'usage'> {
  /** Resolves when the process has ended well. */
  readonly used: Promise<Omit<Run, 'eventsPerSecond'>>
}

/** What preload/first-batch.ts writes. */
export interface FirstRecord {
  readonly at: number
  readonly cpuSeconds: number
}

/** Starts a process that reads `events` events with KafkaJS. */
export function startReading(
  args: readonly string[],
  events: number,
  folder: string,
  { nodeArgs = [], ...options }: MeasuredOptions = {}
): Reading {
  const firstFile = join(folder, 'first.json')
  const { usage, ...measured } = startMeasured(args, folder, {
    ...options,
    nodeArgs: [...preload('first-batch.js'), ...nodeArgs],
    env: { BENCH_FIRST: firstFile }
  })
  const used = usage.then(async whole => {
    const first = JSON.parse(await readFile(firstFile, 'utf8')) as FirstRecord
    return {
      ...whole,
      events,
      firstRecordMs: first.at - measured.startedAt,
      cpuPerEvent: ((whole.cpuSeconds - first.cpuSeconds) / events) * 1e6
    }
  })
  return { ...measured, used }
}
