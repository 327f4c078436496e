import { countPerCause, isAboveLow, ledTo } from '../../../src/demo/per-cause.ts'
import { scoreAnomalies } from '../../../src/demo/score.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import { minuteMs } from '../../../src/time/units.ts'
import type { Played } from './play.ts'
import type { LabelledStream, Named } from './streams.ts'

/** What became of one fault; incidents are those above low severity that opened in it or in the ten minutes after. */
export interface FaultOutcome {
  readonly name: string
  /** At least `enough` events, or nobody counts them. */
  readonly isTouching: boolean
  /** Undefined where it was missed. */
  readonly delayMs: number | undefined
  readonly incidents: number
  readonly isNamedRight: boolean
  /** An incident was over while the fault lasted, and no other was open at that time. */
  readonly isOverTooEarly: boolean
  /** From its end until the last of its incidents was over; undefined without an incident that was over after it. */
  readonly lagMs: number | undefined
}

/** An incident that opened outside of every fault. */
export interface FalseIncident {
  readonly kind: string
  readonly isAboveLow: boolean
  /** Of the stream's own day, 0 to 23. */
  readonly hour: number
}

export interface StreamOutcome {
  readonly faults: readonly FaultOutcome[]
  readonly falseIncidents: readonly FalseIncident[]
  readonly weeks: number
}

/** Fewer events than these leave too little to be seen. */
const enough = 20
const afterMs = 10 * minuteMs

/** Compares what a stream led to with what was done to it. */
export function outcomeOf(stream: LabelledStream, played: Played): StreamOutcome {
  const { labels, days, timezone } = stream
  const { anomalies, incidents, notifications } = played
  const scores = new Map(scoreAnomalies(anomalies, labels).incidents.map(score => [score.label, score]))
  const causes = new Map(countPerCause(labels, incidents, notifications).map(cause => [cause.label, cause]))
  return {
    faults: ledTo(labels, incidents, notifications).map(({ label, incidents: own }) => {
      const above = own.filter(isAboveLow)
      return {
        name: label.name,
        isTouching: (stream.touched(label) ?? enough) >= enough,
        delayMs: scores.get(label)?.delayMs,
        incidents: above.length,
        isNamedRight: causes.get(label)?.isNamedRight ?? false,
        isOverTooEarly: isOverTooEarly(label, above),
        lagMs: lagOf(label, above)
      }
    }),
    falseIncidents: falseIncidents(incidents, labels, timezone),
    weeks: days / 7
  }
}

/** Those that opened in no fault and not in the ten minutes after one. */
export function falseIncidents(
  incidents: readonly StoredIncident[],
  labels: readonly Pick<Named, 'startMs' | 'endMs'>[],
  timezone: string
): readonly FalseIncident[] {
  const hours = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', hourCycle: 'h23' })
  return incidents
    .filter(
      ({ openedAt }) =>
        !labels.some(({ startMs, endMs }) => openedAt > startMs && openedAt <= endMs + afterMs)
    )
    .map(incident => ({
      kind: incident.kind,
      isAboveLow: isAboveLow(incident),
      hour: Number(hours.format(incident.openedAt))
    }))
}

type Span = Pick<StoredIncident, 'openedAt' | 'resolvedAt'>

function isOverTooEarly({ endMs }: Pick<Named, 'endMs'>, incidents: readonly Span[]): boolean {
  return incidents.some(
    ({ resolvedAt }) =>
      resolvedAt !== null &&
      resolvedAt < endMs &&
      !incidents.some(
        other => other.openedAt <= resolvedAt && (other.resolvedAt === null || other.resolvedAt > resolvedAt)
      )
  )
}

function lagOf({ endMs }: Pick<Named, 'endMs'>, incidents: readonly Span[]): number | undefined {
  const ends = incidents.flatMap(({ resolvedAt }) => (resolvedAt === null ? [] : [resolvedAt]))
  const last = Math.max(...ends)
  return last >= endMs ? last - endMs : undefined
}
