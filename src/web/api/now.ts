import { z } from 'zod'
import { incident } from './incidents.ts'
import { bandState, time } from './parts.ts'
import { seriesAnswer } from './series.ts'

export const tileNames = [
  'revenue',
  'orders',
  'traffic',
  'conversion',
  'abandonment',
  'data_quality'
] as const

/** A number of the shop as it is, and its last hours. */
const tile = z.object({
  name: z.enum(tileNames),
  /** The newest stored window. */
  latest: z
    .object({
      window_start: time,
      window_end: time,
      value: z.number().nullable(),
      expected: z.number().nullable(),
      lower: z.number().nullable(),
      upper: z.number().nullable(),
      band: bandState,
      complete: z.boolean()
    })
    .nullable(),
  /**
   * The last 60 minutes as one number: the sum of what adds up, else numerators ÷ denominators. `expected` is what is usual
   * for them; null while that is not known of each window.
   */
  last_hour: z.object({ value: z.number().nullable(), expected: z.number().nullable() }),
  /** Open incidents with an alert on it. */
  incidents: z.array(z.string()),
  /** The last hours, a step each window. */
  series: seriesAnswer
})

const component = z.object({
  status: z.enum(['ok', 'standby', 'warming_up', 'waiting', 'failed']),
  detail: z.string().optional(),
  reason: z.string().optional(),
  since: time.optional(),
  waiting: z.number().optional()
})

const pipeline = z.object({
  status: z.enum(['ready', 'not_ready']),
  /** What the instance that answers does. */
  role: z.enum(['active', 'standby']),
  instance: z.string(),
  /** Records that are not read yet; null on a standby. */
  lag: z.int().nullable(),
  /** How far closed windows are behind the clock; null before the first, and on a standby. */
  watermark_delay_ms: z.int().nullable(),
  /** Events of the last hour that came after their window had closed, and records that are no events. */
  late_last_hour: z.number().nullable(),
  dead_letters_last_hour: z.number().nullable(),
  /** By name: kafka, store, detection and so on. */
  components: z.record(z.string(), component),
  receivers: z.array(
    z.object({
      name: z.string(),
      status: component.shape.status,
      waiting: z.int(),
      detail: z.string().optional()
    })
  )
})

/** GET /api/now */
export const nowAnswer = z.object({
  pipeline_name: z.string(),
  /** A shop's environment, such as staging; null where none is configured. */
  environment: z.string().nullable(),
  timezone: z.string(),
  /** The server's clock. */
  now: time,
  /** The end of the newest stored window: what is shown is of then. Null before the first. */
  as_of: time.nullable(),
  /** What is shown is stale from this age on: no window has been stored for too long. */
  stale_after_ms: z.int(),
  stale: z.boolean(),
  /** Kinds that do not judge yet. */
  warming_up: z.array(z.object({ kind: z.string(), windows_seen: z.int(), windows_needed: z.int() })),
  tiles: z.array(tile),
  /** Open incidents, the worst first; of more than 50 the worst. */
  incidents: z.array(incident),
  open_incidents: z.int(),
  pipeline
})
export type NowAnswer = z.output<typeof nowAnswer>
