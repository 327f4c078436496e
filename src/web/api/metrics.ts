import { z } from 'zod'
import { badChanges } from '../../metrics/types.ts'
import { currency, time, unit } from './parts.ts'

/** GET /api/metrics: what can be drawn. */
export const metricsAnswer = z.object({
  metrics: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      unit,
      currency,
      additive: z.boolean(),
      bad: z.enum(badChanges),
      /** There are rows of the whole shop. */
      whole_shop: z.boolean(),
      /** There are rows of these dimensions' segments. */
      dimensions: z.array(z.string())
    })
  ),
  dimensions: z.array(
    z.object({
      name: z.string(),
      /** Those with the most events in the last day of windows, the greatest first; no more than 20. */
      segments: z.array(z.string())
    })
  ),
  window_ms: z.int(),
  /** The span of stored windows; null before the first. */
  first_window: time.nullable(),
  last_window: time.nullable(),
  timezone: z.string()
})
export type MetricsAnswer = z.output<typeof metricsAnswer>
