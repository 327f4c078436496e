import { z } from 'zod'
import type { Anomaly } from '../../detectors/types.ts'
import { measuredNumber, segmentSchema, segmentShares, severitySchema } from './json-values.ts'

const peak = z
  .object({
    value: measuredNumber,
    expected: measuredNumber,
    severity: severitySchema,
    windowEnd: z.number()
  })
  .readonly()
export type Peak = z.infer<typeof peak>

/** What an alert says to people; an incident says it of the alert that leads. */
export const alertFacts = z.object({
  status: z.enum(['open', 'resolved']),
  /** The highest severity so far. */
  severity: severitySchema,
  /**
   * Between these window times windows show the condition by themselves; absent of alerts that earlier versions opened.
   * An alert opens, and its findings end, later than that: they look back over several windows.
   */
  conditionFrom: z.number().exactOptional(),
  conditionTo: z.number().exactOptional(),
  /** The first finding at the highest severity so far. */
  firstAtSeverity: peak.exactOptional(),
  /** Window times, in milliseconds. */
  openedAt: z.number(),
  lastAnomalyAt: z.number(),
  resolvedAt: z.number().nullable(),
  anomalies: z.number(),
  /** The worst finding so far: of those with the highest severity, the one farthest from what was expected. */
  peak,
  /** The sum of expected minus actual over its windows; null where the metric does not add up. */
  loss: z.number().nullable(),
  /** The segments that explain the worst finding. */
  explainedBy: segmentShares,
  /** What was found as a share of what was expected, when that became the usual level; absent while it has not. */
  newLevel: z.number().exactOptional(),
  /** It has opened so often lately that it takes longer to end. */
  flapping: z.boolean()
})

export const alertState = alertFacts.extend({
  id: z.string(),
  kind: z.string(),
  segment: segmentSchema,
  /** The end of the last window in this state: a window at or before it changes nothing. */
  lastWindowEnd: z.number(),
  /** Judged windows in a row without the condition. */
  clearWindows: z.number(),
  /** The end of the latest judged window without the condition; null where there was none. */
  lastClearAt: z.number().nullable(),
  /** How long before the last anomaly the windows of the loss end; absent where they end with it. */
  lossLagMs: z.number().exactOptional(),
  /** Windows without data in a row, up to the last one; absent where that had some. */
  gapWindows: z.number().exactOptional(),
  /** Windows with data in a row that its kind could not judge; absent where it judged the last one. */
  unjudgedWindows: z.number().exactOptional(),
  /** Window times at which this kind and segment opened lately; the last is that of this alert. */
  openings: z.array(z.number()).readonly()
})

/**
 * A run of anomalies of one kind and segment. `id` is a name-based UUID of (pipeline, kind, segment, first window
 * end), so that it is the same when it is found again after a crash.
 */
export interface Alert extends Readonly<z.infer<typeof alertState>> {
  /** For messages that are sent when the window itself has no anomaly. */
  readonly lastAnomaly: Anomaly
}

/** Whether two are about one kind in one segment. */
export const isSameCondition = (a: Condition, b: Condition): boolean =>
  a.kind === b.kind && a.segment === b.segment

type Condition = Readonly<Record<'kind' | 'segment', string>>

export const isOpen = ({ status }: Pick<Alert, 'status'>): boolean => status === 'open'
