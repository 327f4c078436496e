import { z } from 'zod'
import { segment, severity, time, version } from './parts.ts'

const outcome = z.enum(['pending', 'sent', 'refused', 'expired', 'off', 'muted'])

const delivery = z.object({
  version,
  id: z.string(),
  pipeline: z.string(),
  incident_id: z.string(),
  receiver: z.string(),
  action: z.enum(['trigger', 'acknowledge', 'resolve', 'summary']),
  kind: z.string(),
  segment,
  severity,
  dedup_key: z.string().nullable(),
  anomaly_ids: z.array(z.string()),
  /** Why it was decided or suppressed, as it is stored. */
  reason: z.string(),
  /** The same for a person; empty where `action` says all. */
  reason_text: z.string(),
  decided_at: time,
  outcome,
  attempts: z.int(),
  /** The receiver's last answer. */
  answer: z.string(),
  latency_ms: z.number().nullable(),
  request_id: z.string().nullable(),
  updated_at: time
})
export type DeliveryAnswer = z.output<typeof delivery>

/** GET /api/deliveries: the one decided last first. */
export const deliveriesQuery = z.object({
  incident: z.string().min(6).max(100).optional(),
  receiver: z.string().min(1).max(200).optional(),
  outcome: outcome.optional(),
  /** Decided since then. */
  since: z.iso
    .datetime({ offset: true, error: 'a time with its zone, such as 2026-11-28T20:00:00Z' })
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional()
})

export const deliveriesAnswer = z.object({
  deliveries: z.array(delivery),
  next_cursor: z.string().nullable()
})
export type DeliveriesAnswer = z.output<typeof deliveriesAnswer>
