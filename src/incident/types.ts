import { z } from 'zod'
import type { Anomaly } from '../../detectors/types.ts'
import type { Said } from '../language/phrase.ts'
import { type Alert, alertFacts } from './alert.ts'
import { causeSchema } from './cause.ts'
import { changeSchema } from './change.ts'
import type { Chart } from './chart.ts'
import { segmentSchema, severitySchema, unitSchema } from './json-values.ts'
import { labelSchema } from './label.ts'
import type { Reason } from './reason.ts'
import { reportContent } from './report-content.ts'

// The store keeps these records as JSON and checks what it reads against these schemas. The types are theirs.

const texts = z.array(z.string()).readonly()

const viaSchema = z.enum(['slack', 'pagerduty', 'link', 'cli', 'api'])
export type ActionVia = z.infer<typeof viaSchema>

const acknowledgement = z
  .object({
    by: z.string(),
    via: viaSchema,
    /** By the wall clock. */
    at: z.number(),
    /** The severity that was acknowledged. */
    severity: severitySchema
  })
  .readonly()

const lastNotified = z
  .object({
    severity: severitySchema,
    /** Of the finding that it was about. */
    windowEnd: z.number(),
    /** When it was decided, by the wall clock. */
    at: z.number(),
    /** It said that the condition flaps. */
    flapping: z.boolean(),
    /** How many alerts it named; absent of what earlier versions sent. */
    alerts: z.number().exactOptional()
  })
  .readonly()
export type LastNotified = z.infer<typeof lastNotified>

const escalation = z
  .object({
    /** By its name in the configuration. */
    policy: z.string(),
    /** How many levels it has. */
    levels: z.number(),
    /** It begins anew when the severity rises. */
    severity: severitySchema,
    /** The first notification at that severity, by the wall clock; null where nobody was notified. */
    since: z.number().nullable(),
    /** Levels that were taken at that severity, counted from 1, in the order of `at`. */
    taken: z
      .array(
        z
          .object({
            level: z.number(),
            at: z.number(),
            /** Who asked for it; null where its time had come. */
            by: z.string().nullable()
          })
          .readonly()
      )
      .readonly(),
    /** Whom levels have notified so far, at whatever severity. */
    receivers: texts,
    /** Actions that asked for a level, by their ids: read again after a restart, they change nothing. */
    asked: texts
  })
  .readonly()
export type Escalation = z.infer<typeof escalation>

const incidentFacts = alertFacts.extend({
  /** The unit of the loss, where it is not that of the finding. */
  lossUnit: unitSchema.exactOptional(),
  /** What has probably caused its alerts; absent where that is no more than their kind says. */
  cause: causeSchema.exactOptional(),
  /** Ends when the severity rises above the acknowledged one. */
  acknowledged: acknowledgement.nullable(),
  /** Absent where no route of it escalates. */
  escalation: escalation.exactOptional()
})
export type IncidentFacts = Readonly<z.infer<typeof incidentFacts>>

export const incidentState = incidentFacts.extend({
  id: z.string(),
  pipeline: z.string(),
  /** Of the alert that leads: of those at the highest severity the one nearest the cause. */
  kind: z.string(),
  segment: segmentSchema,
  /** The end of the last window in this state. */
  lastWindowEnd: z.number(),
  /** Judged windows in a row in which no open alert has its condition. */
  clearWindows: z.number(),
  /** The end of the latest such window; null where there was none. */
  lastClearAt: z.number().nullable(),
  /**
   * The last notification of each channel, by receiver. An incident that opens within the repeat interval of the one
   * before it takes over the notifications of that one, and so stays silent.
   */
  lastNotified: z.record(z.string(), lastNotified).readonly(),
  /** The silence in force, by its id. */
  silencedBy: z.string().nullable(),
  /** Counts the dedup keys at one severity: a key that was resolved is never opened again. */
  pages: z.number(),
  /** The dedup key of the open page and the receivers it was opened through; null and empty where none is open. */
  dedupKey: z.string().nullable(),
  dedupReceivers: texts
})

/**
 * The alerts that have one probable cause: what is opened, notified, acknowledged and resolved. Its figures are those of
 * the alert that leads. `id` is that of its first alert.
 */
export interface StoredIncident extends Readonly<z.infer<typeof incidentState>> {
  /** In the order in which they opened. */
  readonly alerts: readonly Alert[]
  /** Of the alert that leads. */
  readonly lastAnomaly: Anomaly
  /** Why a notification was not sent, by receiver. */
  readonly suppressedReasons: Readonly<Record<string, Reason>>
}

/** Nobody is notified of incidents that match, from `startsAt` until `endsAt` by the wall clock. */
const silence = z
  .object({
    id: z.string(),
    matchers: z
      .object({
        kinds: texts.nullable(),
        severities: z.array(severitySchema).readonly().nullable(),
        segments: texts.nullable(),
        pipelines: texts.nullable(),
        labels: z.record(z.string(), texts).readonly()
      })
      .readonly(),
    by: z.string(),
    reason: z.string(),
    startsAt: z.number(),
    endsAt: z.number()
  })
  .readonly()
export type Silence = z.infer<typeof silence>

/** What a person did. Actions are applied to incidents in the order of `at`. */
export const operatorAction = z
  .object({
    id: z.string(),
    pipeline: z.string(),
    action: z.enum(['acknowledge', 'escalate', 'label', 'silence', 'end_silence']),
    /** By the wall clock. */
    at: z.number(),
    by: z.string(),
    via: viaSchema,
    /** Of an acknowledgement, an escalation and a label; null for others. */
    incidentId: z.string().nullable(),
    /** The severity that the person saw. */
    severity: severitySchema.nullable(),
    /** The level of an escalation, counted from 1. Once it was taken, the action changes nothing. */
    level: z.number().exactOptional(),
    /** Of `label`: of several of an incident the last one counts. */
    label: labelSchema.exactOptional(),
    /** Of `silence` and `end_silence`: the silence with its end as it is then. */
    silence: silence.nullable()
  })
  .readonly()
export type OperatorAction = z.infer<typeof operatorAction>

/** `acknowledge`: somebody acknowledged the incident. `summary`: a list of incidents that were found too late. */
const notificationAction = z.enum(['trigger', 'acknowledge', 'resolve', 'summary'])
export type NotificationAction = z.infer<typeof notificationAction>

/**
 * `off`: decided with `alerts: off` or without a receiver, never sent. `muted`: suppressed by a silence or an incident
 * that inhibits it, never sent. `expired`: not accepted for 24 h.
 */
const notificationOutcome = z.enum(['pending', 'sent', 'refused', 'expired', 'off', 'muted'])
export type NotificationOutcome = z.infer<typeof notificationOutcome>

export const notificationState = z.object({
  id: z.string(),
  pipeline: z.string(),
  incidentId: z.string(),
  receiver: z.string(),
  action: notificationAction,
  kind: z.string(),
  segment: segmentSchema,
  severity: severitySchema,
  dedupKey: z.string().nullable(),
  decidedAt: z.number(),
  outcome: notificationOutcome,
  attempts: z.number(),
  /** The last answer of the receiver, without secrets. */
  answer: z.string(),
  updatedAt: z.number(),
  /** The incident as it was at the decision; null in a test message. */
  incident: incidentFacts.readonly().nullable(),
  /** The metric over the windows up to the last finding, oldest first; null where a window has no value. */
  recent: z.array(z.number().nullable()).readonly(),
  /** Findings that this incident inhibits, a line each for a person. */
  inhibits: texts,
  /** The same for other languages; null where only the line is known. */
  inhibitsSaid: z.custom<readonly (Said | null)[]>(Array.isArray).exactOptional(),
  /** What the receiver gave to find the message again; only its channel reads it. */
  messageRef: z.string().nullable(),
  /** The receiver's id of the request that it accepted, where it gives one. */
  requestId: z.string().nullable(),
  /** From the decision until the receiver accepted it. */
  latencyMs: z.number().nullable(),
  /** Absent in all but those of an escalation. */
  escalated: z
    .object({
      level: z.number(),
      levels: z.number(),
      /** Who asked for it; null where its time had come. */
      by: z.string().nullable(),
      /** Whom Slack is to mention. */
      mention: texts
    })
    .readonly()
    .exactOptional(),
  /** Changes that the incident began behind, the latest first; absent where there were none. */
  changes: z.array(changeSchema).readonly().exactOptional(),
  /** Absent in all but reports. */
  report: reportContent.exactOptional()
})

/** One message to one receiver, with its outcome. `id` is a name-based UUID of the decision and the receiver. */
export interface NotificationRecord extends Readonly<z.infer<typeof notificationState>> {
  /** What its picture shows; absent in all but what says that it began or got worse. Not stored. */
  readonly chart?: Chart
  /** The anomalies that it is about: enough to render the message again after a restart. */
  readonly anomalies: readonly Anomaly[]
  readonly reason: Reason
}
