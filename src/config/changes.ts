import { z } from 'zod'
import { topic } from './kafka.ts'
import { listOf } from './schema-parts.ts'

/** The `changes:` section: deploys and campaigns that others tell of. */
export const changesSchema = z
  .strictObject({
    /** Of Kafka, with one change a record. */
    topics: listOf(topic, 'a list of topics, such as [deploys]').optional()
  })
  .transform(({ topics = [] }) => ({ topics }))
  .prefault({})
