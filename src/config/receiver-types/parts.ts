import { z } from 'zod'
import { languages } from '../../language/language.ts'
import type { Rate } from '../../routing/receiver.ts'
import { orNull } from '../schema-parts.ts'
import { templateChoice } from '../templates/schema.ts'

/** Messages to one receiver. */
export const rateSchema = z
  .strictObject({
    per_second: z.number().positive().max(1000).default(1),
    burst: z.int().min(1).max(1000).default(5)
  })
  .transform(({ per_second, burst }): Rate => ({ perSecond: per_second, burst }))

export const commonKeys = {
  fallback: orNull(z.string()),
  rate: rateSchema.optional(),
  language: z.enum(languages).optional(),
  template: templateChoice.optional()
}

/** The chart in messages. */
export const picture = z.enum(['on', 'off']).optional()

/** A message when an incident is over. */
export const sendResolved = z.boolean()
