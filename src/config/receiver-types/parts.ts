import { z } from 'zod'
import type { Rate } from '../../routing/receiver.ts'

/** Messages to one receiver. */
export const rateSchema = z
  .strictObject({
    per_second: z.number().positive().max(1000).default(1),
    burst: z.int().min(1).max(1000).default(5)
  })
  .transform(({ per_second, burst }): Rate => ({ perSecond: per_second, burst }))

export const commonKeys = { fallback: z.string().optional(), rate: rateSchema.optional() }

export const sendResolved = z.boolean()

export const commonSettings = ({
  fallback,
  rate
}: {
  fallback?: string | undefined
  rate?: Rate | undefined
}) => ({
  fallback: fallback ?? null,
  ...(rate && { rate })
})
