import { z } from 'zod'
import { topic } from './kafka.ts'
import { durationBetween, listOf } from './schema-parts.ts'

/** The `intake:` section: alerts that other services raise. */
export const intakeSchema = z
  .strictObject({
    /** Of Kafka, with one alert a record. */
    topics: listOf(topic, 'a list of topics, such as [model-alerts]').optional(),
    /** Of one kind and model in a minute; critical ones pass. */
    rate_per_minute: z.int().min(1).max(10_000).default(10),
    /** An incident ends once nothing was heard of it for so long. */
    resolve_after: durationBetween('1m', '30d').prefault('4h')
  })
  .transform(({ topics = [], rate_per_minute, resolve_after }) => ({
    topics,
    ratePerMinute: rate_per_minute,
    resolveAfterMs: resolve_after
  }))
  .prefault({})
