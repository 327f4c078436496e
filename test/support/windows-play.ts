import type { WindowMetrics } from '../../src/metrics/types.ts'
import type { PartitionKey } from '../../src/source/partition.ts'
import { isRecounted, type LogRecord, type Recounted, recount } from './recount.ts'
import type { Command } from './windows-arbitraries.ts'
import { dimensions, type ModelLog, orderSpanMs, rates, timing, type WindowsModel } from './windows-model.ts'

export const recountOptions = { ...timing, currency: 'EUR', rates, dimensions, orderSpanMs }

export function play(model: WindowsModel, all: readonly Command[]): void {
  for (const command of all) {
    switch (command.do) {
      case 'wait':
        model.wait(command.ms)
        break
      case 'read':
        model.read(`t/${command.partition}`, command.entries)
        break
      case 'ask':
      case 'skip':
        model[command.do](`t/${command.partition}`)
        break
      case 'store':
        model.store(command.windows, command.isDone)
        break
      case 'answer':
      case 'close':
      case 'catchUp':
      case 'commit':
      case 'crash':
        model[command.do]()
        break
      default:
        command satisfies never
    }
  }
}

export const recordsOf = ({ entries }: ModelLog): LogRecord[] =>
  entries.flatMap(entry => ('control' in entry ? [] : [entry]))

/** The stored values of a window, in the words of a recount. */
export function valuesOf({ records, values, segments }: WindowMetrics): Recounted {
  const all: Recounted = {}
  for (const [name, { value }] of values) if (isRecounted(name, 'all')) all[name] = value
  for (const { metric, dimension, segment, value } of segments) {
    if (isRecounted(metric, dimension)) all[`${metric}{${segment.replace('currency=', '')}}`] = value
  }
  const late = values.get('late_rate')?.numerator ?? 0
  const dead = values.get('dead_letter_rate')?.numerator ?? 0
  return { ...all, records, late, dead }
}

/** What is stored of windows with records, by start, and what a recount of the logs says of them. */
export function storedAndRecounted(
  model: WindowsModel,
  logs: ReadonlyMap<PartitionKey, ModelLog>
): { stored: [number, Recounted][]; recounted: [number, Recounted][] } {
  const recounted = recount(new Map([...logs].map(([key, log]) => [key, recordsOf(log)])), {
    ...recountOptions,
    closedMarkers: model.closedMarkers()
  })
  const stored = [...model.stored].filter(([, { records }]) => records > 0).sort(([a], [b]) => a - b)
  return {
    stored: stored.map(([start, window]) => [start, valuesOf(window)]),
    recounted: [...recounted]
  }
}
