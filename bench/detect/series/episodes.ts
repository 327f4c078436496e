import { median } from 'simple-statistics'
import { hourMs } from '../../../src/time/units.ts'
import type { Labelled, Span } from './labelled.ts'

/** A series with how odd a detector takes each row for: the higher the odder. */
export interface Scored {
  readonly series: Labelled
  readonly scores: Float64Array
}

/** An alarm is over once so long, and so many rows, were quiet. */
const quietMs = hourMs
const quietRows = 3

/** From the first row of each alarm to its last: rows with at least the threshold, with no long quiet between them. */
export function alarmsOf({ series, scores }: Scored, threshold: number): readonly Span[] {
  const quiet = Math.max(quietRows, Math.round(quietMs / series.stepMs))
  const alarms: [number, number][] = []
  for (const [row, score] of scores.entries()) {
    if (score < threshold) continue
    const last = alarms.at(-1)
    if (last && row - last[1] <= quiet) last[1] = row
    else alarms.push([row, row])
  }
  return alarms
}

/** How a detector did, by whole anomalies and whole alarms. */
export interface EventScore {
  readonly anomalies: number
  /** Anomalies in which an alarm was open. */
  readonly found: number
  readonly falseAlarms: number
  /** Of alarms, the share that touches an anomaly; of anomalies, the share found; and their harmonic mean. */
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** From the anomaly's first row to the first row at the threshold, the median in minutes; undefined where none was found. */
  readonly delay: number | undefined
  /** False alarms in a week of the series. */
  readonly falseAlarmsAWeek: number
}

const weekMs = 7 * 24 * hourMs

export function scoreEvents(all: readonly Scored[], threshold: number): EventScore {
  const weeks = all.reduce((sum, { series }) => sum + (series.values.length * series.stepMs) / weekMs, 0)
  const alarms = all.flatMap(scored =>
    alarmsOf(scored, threshold).map(([first, last]) =>
      scored.series.anomalies.some(([from, to]) => first <= to && last >= from)
    )
  )
  const delays = all.flatMap(({ series, scores }) =>
    series.anomalies.map(([from, to]) => {
      const rows = scores.subarray(from, to + 1).findIndex(score => score >= threshold)
      return rows === -1 ? undefined : (rows * series.stepMs) / 60_000
    })
  )
  const found = delays.filter(delay => delay !== undefined)
  const trueAlarms = alarms.filter(isTrue => isTrue).length
  const precision = alarms.length > 0 ? trueAlarms / alarms.length : 0
  const recall = delays.length > 0 ? found.length / delays.length : 0
  return {
    anomalies: delays.length,
    found: found.length,
    falseAlarms: alarms.length - trueAlarms,
    precision,
    recall,
    f1: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0,
    delay: found.length > 0 ? median(found) : undefined,
    falseAlarmsAWeek: (alarms.length - trueAlarms) / weeks
  }
}
