import { z } from 'zod'
import { severity, time } from './parts.ts'

/** A kind whose threshold can be tried. */
const tunable = z.object({
  kind: z.string(),
  /** The metric that it is mostly found in. */
  metric: z.string(),
  /** The option that is its threshold, as the configuration writes it. */
  option: z.string(),
  unit: z.enum(['share', 'number']),
  /** Which of its values find less. */
  stricter: z.enum(['higher', 'lower']),
  configured: z.number(),
  /** What is lost in the drops that are put into the past for it; null where none are. */
  loss: z.enum(['visitors', 'purchases', 'prices']).nullable()
})

/** What a kind would have found and raised at one value of its threshold. */
const setting = z.object({
  value: z.number(),
  configured: z.boolean(),
  /** It finds more drops, or as many sooner or with fewer incidents, and pages no more. */
  suggested: z.boolean(),
  anomalies: z.int(),
  incidents: z.int(),
  pages: z.int(),
  pages_per_week: z.number(),
  /** Its incidents by their labels, and those labelled real that it would not have raised. */
  real: z.int(),
  false: z.int(),
  expected: z.int(),
  missed: z.int(),
  /** By depth, a share: how many drops there were, how many were found, and the median time until then. */
  drops: z
    .array(z.object({ depth: z.number(), drops: z.int(), found: z.int(), median_ms: z.number().nullable() }))
    .nullable(),
  opened: z.array(
    z.object({
      opened_at: time,
      /** Null while it lasts. */
      resolved_at: time.nullable(),
      severity,
      label: z.enum(['real', 'false', 'expected']).nullable()
    })
  ),
  /** What to paste into the configuration. */
  yaml: z.string()
})

const trial = z.object({
  kind: z.string(),
  days: z.number(),
  from: time,
  to: time,
  status: z.enum(['running', 'done', 'failed']),
  /** How much is done, of 1. */
  progress: z.number(),
  /** Why it failed; null where it has not. */
  error: z.string().nullable(),
  /** The configuration was reloaded since. */
  outdated: z.boolean(),
  windows: z.int(),
  /** Incidents of the time that have a label. */
  labelled_incidents: z.int(),
  /** The one that finds most first; empty until the first values are tried. */
  settings: z.array(setting),
  /** What stored windows cannot answer. */
  notes: z.array(z.string())
})
export type TuneTrial = z.output<typeof trial>
export type TuneSetting = TuneTrial['settings'][number]

/** GET /api/tune */
export const tuneAnswer = z.object({
  kinds: z.array(tunable),
  /** The one that was started last; null before the first. */
  trial: trial.nullable()
})
export type TuneAnswer = z.output<typeof tuneAnswer>

/** POST /api/tune: five values around the configured one, or another value beside those that were tried. */
export const tuneBody = z.object({
  kind: z.string().min(1),
  days: z.number().min(0.1).max(90).default(28),
  value: z.number().positive().optional()
})
export type TuneBody = z.input<typeof tuneBody>
