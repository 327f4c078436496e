import { z } from 'zod'
import { change } from './changes.ts'
import { label } from './labels.ts'
import { currency, segment, severity, time, unit, version } from './parts.ts'
import { marks, seriesAnswer } from './series.ts'

const status = z.enum(['open', 'resolved'])
const by = z.string().nullable()

const alert = z.object({
  id: z.string(),
  kind: z.string(),
  segment,
  status,
  severity,
  opened_at: time,
  last_anomaly_at: time,
  resolved_at: time.nullable(),
  loss: z.number().nullable(),
  /** One sentence for a person. */
  details: z.string()
})

const acknowledged = z.object({ by: z.string(), via: z.string(), at: time, severity }).nullable()

const escalation = z
  .object({
    policy: z.string(),
    levels: z.int(),
    since: time.nullable(),
    taken: z.array(z.object({ level: z.int(), at: time, by })),
    receivers: z.array(z.string())
  })
  .nullable()

/** An incident as the command line prints it, too. */
const storedIncident = z.object({
  version,
  id: z.string(),
  pipeline: z.string(),
  /** Of the alert that leads. */
  kind: z.string(),
  segment,
  status,
  severity,
  /** The metric of the alert that leads. */
  metric: z.string(),
  /** What it says, in one sentence. */
  details: z.string(),
  /** The diagnosis; null where nothing fits. */
  cause: z.object({ id: z.string(), title: z.string(), text: z.string() }).nullable(),
  /** When the condition itself began and was seen last. */
  condition_from: time,
  condition_to: time,
  opened_at: time,
  last_anomaly_at: time,
  resolved_at: time.nullable(),
  last_window_end: time,
  last_clear_at: time.nullable(),
  clear_windows: z.int(),
  /** How many windows it was found in. */
  anomalies: z.int(),
  peak_value: z.number().nullable(),
  peak_expected: z.number().nullable(),
  peak: z.object({
    value: z.number().nullable(),
    expected: z.number().nullable(),
    severity,
    window_end: time
  }),
  /** In the unit of its metric; null where that does not add up. */
  loss: z.number().nullable(),
  /** Segments behind it, the greatest share first. */
  explained_by: z.array(z.string()),
  flapping: z.boolean(),
  acknowledged,
  acknowledged_by: by,
  acknowledged_at: time.nullable(),
  acknowledged_via: by,
  /** The last one. */
  label: label.nullable(),
  escalation,
  escalation_level: z.int(),
  escalated_at: time.nullable(),
  notified_at: time.nullable(),
  notified_severity: severity.nullable(),
  dedup_key: z.string().nullable(),
  dedup_receivers: z.array(z.string()),
  alert_kinds: z.array(z.string()),
  alerts: z.array(alert)
})

/** An incident in a list. */
export const incident = storedIncident.extend({
  /** A few words: `Revenue drop · country=DE`, or what its cause is called. */
  title: z.string(),
  /** Of `peak`. */
  unit,
  /** Of `peak` or the loss, where one of them is money. */
  currency,
  loss_unit: unit,
  /** The silence in force. */
  silenced_by: z.string().nullable()
})
export type Incident = z.output<typeof incident>

/** GET /api/incidents: the one that opened last first. */
export const incidentsQuery = z.object({
  status: status.optional(),
  /** `true` is the same as `status=open`. */
  open: z.enum(['true', 'false'], { error: 'true or false' }).optional(),
  /** With an anomaly since then, or open; the last 24 hours where left out. */
  since: z.iso
    .datetime({ offset: true, error: 'a time with its zone, such as 2026-11-28T20:00:00Z' })
    .optional(),
  /** With an alert of this kind. */
  kind: z.string().min(1).max(200).optional(),
  severity: severity.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  /** Of the page before. */
  cursor: z.string().max(200).optional()
})

export const incidentsAnswer = z.object({
  incidents: z.array(incident),
  /** Of the next page; null on the last one. */
  next_cursor: z.string().nullable()
})
export type IncidentsAnswer = z.output<typeof incidentsAnswer>

const entry = z.object({
  at: time,
  event: z.enum(['found', 'notification', 'acknowledged', 'escalated', 'labelled', 'silence_ended', 'over']),
  /** Of a notification. */
  receiver: z.string().nullable(),
  /** What happened, and why. */
  text: z.string()
})

/** Something known beforehand, on the time axis. */
const calendarEntry = z.object({ name: z.string(), effect: z.enum(['mute', 'widen']), from: time, to: time })

/** GET /api/incidents/{id}: an id, or its first 6 characters or more. */
export const incidentPage = incident.extend({
  /** As its message says it: why, figures, and passages with their headings. */
  message: z.object({
    headline: z.string(),
    notes: z.array(z.string()),
    facts: z.array(z.object({ key: z.string(), label: z.string(), text: z.string() })),
    parts: z.array(z.object({ key: z.string(), heading: z.string().nullable(), lines: z.array(z.string()) }))
  }),
  /** The time axis of all series: from 2 hours before it began until now, or 30 minutes after its end. */
  from: time,
  to: time,
  /** The metric of the alert that leads; null where it is none of the shop's windows. */
  series: seriesAnswer.nullable(),
  /** The series of its other alerts. */
  symptoms: z.array(z.object({ kind: z.string(), alert: z.string(), series: seriesAnswer })),
  /** Anomalies of its alerts. */
  anomalies_found: marks,
  /** Segments behind it, the greatest share of the change first. */
  segments: z.array(
    z.object({
      segment,
      /** 1 is all of the change. */
      share: z.number().nullable(),
      value: z.number().nullable(),
      expected: z.number().nullable(),
      series: seriesAnswer.nullable()
    })
  ),
  calendar: z.array(calendarEntry),
  changes: z.array(change),
  timeline: z.array(entry),
  /** What each route does with it now. */
  routes: z.array(z.object({ receiver: z.string(), text: z.string() })),
  /** What comes next, a line each. */
  next: z.array(z.string())
})
export type IncidentPage = z.output<typeof incidentPage>
