import { z } from 'zod'
import { severity, time } from './parts.ts'

/** GET /api/receivers: those of the configuration. */
export const receiversAnswer = z.object({
  /** Whether anything is sent: `alerts: off` decides and stores only. */
  alerts: z.enum(['on', 'off']),
  receivers: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      /** Null where the instance that answers is not the active one. */
      live: z
        .object({
          waiting: z.int(),
          /** When the next message may go; null where none waits. */
          next_at: time.nullable(),
          breaker: z.enum(['closed', 'open', 'half_open']),
          last: z.object({ outcome: z.string(), answer: z.string() }).nullable()
        })
        .nullable()
    })
  )
})
export type ReceiversAnswer = z.output<typeof receiversAnswer>

/** POST /api/receivers/{name}/test: whether it accepted a test message, and what it answered. */
export const testSentAnswer = z.object({ receiver: z.string(), accepted: z.boolean(), answer: z.string() })
export type TestSentAnswer = z.output<typeof testSentAnswer>

/** GET /api/routes/test: which way an alert goes. */
export const routesTestQuery = z.object({
  kind: z.string().min(1),
  severity,
  segment: z.string().min(1).default('all'),
  /** Now where left out. */
  at: z.iso.datetime({ offset: true, error: 'a time with its zone, such as 2026-11-28T20:00:00Z' }).optional()
})

export const routesTestAnswer = z.object({
  at: time,
  labels: z.record(z.string(), z.string()),
  routes: z.array(
    z.object({
      receivers: z.array(z.string()),
      outcome: z.enum(['matched', 'not_matched', 'not_reached']),
      /** Why it does not match, or why it is not reached; empty where it matches. */
      why: z.string()
    })
  ),
  /** Who is notified. */
  receivers: z.array(z.string()),
  /** It goes into the digest instead. */
  digested: z.boolean(),
  /** The levels of its escalation, in their order. */
  escalation: z
    .object({
      policy: z.string(),
      levels: z.array(z.object({ after_ms: z.int(), receivers: z.array(z.string()) }))
    })
    .nullable()
})
export type RoutesTestAnswer = z.output<typeof routesTestAnswer>
