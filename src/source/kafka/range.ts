import { SourceError } from '../error.ts'
import type { RangeHandlers } from '../range.ts'
import { readingFault } from './faults.ts'
import { missingTopics } from './missing-topics.ts'
import { readRange } from './range-reading.ts'
import { type RangeQuery, type RangeStarts, readRangeStarts } from './range-starts.ts'
import { createTemporaryReader, type TemporaryReaderOptions } from './reading-client.ts'

export interface RangeOptions extends TemporaryReaderOptions {
  readonly topics: readonly string[]
}

/** Reads the past that topics still have, beside the group that reads them live: commits nothing. */
export function createRangeSource(options: RangeOptions) {
  const { group, topics, clock } = options
  const { admin, consumer, schemas, disconnect } = createTemporaryReader(options, 'backfill')

  return {
    async starts(query: Pick<RangeQuery, 'sinceMs' | 'trustAheadMs'>): Promise<RangeStarts> {
      try {
        await admin.connect()
        const missing = await missingTopics(admin, topics)
        const message = `there is no topic ${missing.join(', ')} (kafka.topics)`
        if (missing.length > 0) throw new SourceError('TOPIC_MISSING', message, { retryable: true })
        return await readRangeStarts({ ...query, admin, topics, group })
      } catch (error) {
        throw readingFault(error, options, clock.now())
      }
    },
    /** Ingests records until the handlers are done. */
    async read(handlers: RangeHandlers): Promise<void> {
      if (handlers.isOver()) return
      try {
        await consumer.connect()
        await consumer.subscribe({ topics: [...topics] })
        await readRange({ consumer, admin, topics, clock, handlers, schemas })
      } catch (error) {
        throw readingFault(error, options, clock.now())
      }
    },
    stop: disconnect
  }
}
