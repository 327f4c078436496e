import { z } from 'zod'
import { bandState, currency, numbers, segment, severity, time, unit } from './parts.ts'

/** A metric over time: columns of the same length, a place for each step from the first to the last. */
export const seriesAnswer = z.object({
  metric: z.string(),
  segment,
  unit,
  currency,
  /** The values of several windows add up to that of all. */
  additive: z.boolean(),
  /** Length of a window and of a step, in milliseconds. A step has one window or several. */
  window_ms: z.int(),
  step_ms: z.int(),
  from: time,
  to: time,
  /** Where each step begins, in milliseconds since the epoch. */
  at: z.array(z.int()),
  /**
   * Numerators of the step's windows together ÷ their denominators: a ratio of all its events, and for what adds up the mean
   * of a window. Of a quantile the mean of its windows. Null where nothing is stored.
   */
  value: numbers,
  /** Least and greatest window of each step; null where a step is one window. */
  min: numbers.nullable(),
  max: numbers.nullable(),
  /** What was expected, and the edges outside which a finding begins; null where a step is several windows. */
  expected: numbers.nullable(),
  lower: numbers.nullable(),
  upper: numbers.nullable(),
  band: z.array(bandState).nullable(),
  /** Every window of the step was seen whole; null where none is stored. */
  complete: z.array(z.boolean().nullable())
})
export type SeriesAnswer = z.output<typeof seriesAnswer>

/** An anomaly of the metric and segment, to be marked at the window that ends with it. */
const mark = z.object({
  id: z.string(),
  kind: z.string(),
  severity,
  metric: z.string(),
  segment,
  /** The span that was judged. */
  window_start: time,
  window_end: time,
  value: z.number().nullable(),
  expected: z.number().nullable(),
  details: z.string()
})
export type Mark = z.output<typeof mark>
export const marks = z.array(mark)

/** An incident on the time axis. */
const incidentSpan = z.object({
  id: z.string(),
  kind: z.string(),
  segment,
  severity,
  title: z.string(),
  from: time,
  /** Null while it lasts. */
  to: time.nullable()
})

const instant = z.iso.datetime({ offset: true, error: 'a time with its zone, such as 2026-11-28T20:00:00Z' })

/** GET /api/series: JSON, or CSV with `format=csv` or `Accept: text/csv`. */
export const seriesQuery = z.object({
  metric: z.string().min(1),
  segment: z.string().min(1).default('all'),
  /** At most 90 days before `to`; the last 24 hours where left out. */
  from: instant.optional(),
  /** The end of the newest stored window where left out. */
  to: instant.optional(),
  /** At most so many steps. */
  points: z.coerce.number().int().min(10).max(5_000).default(1_500),
  /** The same span so much earlier, too. */
  compare: z.enum(['-1d', '-7d', '-28d']).optional(),
  format: z.enum(['json', 'csv']).optional()
})

export const seriesPage = seriesAnswer.extend({
  /** The same span earlier, step by step; null where it was not asked for. */
  compare: z.object({ offset_ms: z.int(), value: numbers }).nullable(),
  /** Anomalies of the metric and segment, the oldest first; of more than 1,000 the newest. */
  anomalies: marks,
  /** Incidents with an alert on the metric, of any segment, the oldest first. */
  incidents: z.array(incidentSpan)
})
export type SeriesPage = z.output<typeof seriesPage>
