import type { Alerting } from '../alert/alerting.ts'
import type { NotificationRecord, StoredIncident } from '../alert/types.ts'
import { anomalyOf } from '../detect/anomaly.ts'
import type { Anomaly, Detection, Verdict } from '../detect/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'

/** Everything that follows from one closed window, before any of it is stored or sent. */
export interface Judgement {
  /** Undefined for what is not said of a window, such as a stall of the pipeline. */
  readonly window: WindowMetrics | undefined
  readonly verdict: Verdict
  readonly anomalies: readonly Anomaly[]
  readonly incidents: readonly StoredIncident[]
  readonly notifications: readonly NotificationRecord[]
}

export interface JudgeOptions {
  readonly pipeline: string
  readonly configHash: string
  readonly detection: Detection
  readonly alerting: Alerting
  /** When an anomaly was first detected, by its id, where that was before this run. */
  readonly detectedBefore: ReadonlyMap<string, number>
}
