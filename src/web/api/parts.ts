import { z } from 'zod'
import { severities } from '../../../detectors/types.ts'
import { units } from '../../metrics/types.ts'

/** ISO 8601 in UTC, with milliseconds. */
export const time = z.iso.datetime()
export const severity = z.enum(severities)
export const unit = z.enum(units)
/** `all`, or a value of a dimension, such as `country=DE`. */
export const segment = z.string()
/** An ISO 4217 code where a unit is `money`; null for any other unit. */
export const currency = z.string().nullable()

/** How a window stands to its band; null where nothing watches the metric there. */
export const bandState = z.enum(['judged', 'warming_up', 'incomplete']).nullable()

/** A number for each step; null where none is known. */
export const numbers = z.array(z.number().nullable())

/** Of the version of the shapes: rises when a field goes or changes its meaning, not when one comes. */
export const version = z.int()

export const problem = z.object({
  /** One word, such as `bad_request`, `unauthorized` or `unavailable`. */
  error: z.string(),
  /** A sentence for a person, where there is more to say. */
  message: z.string().optional()
})
export type Problem = z.output<typeof problem>
