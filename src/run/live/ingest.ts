import { createBrokerUptime } from '../../ingest/broker-uptime.ts'
import type { Counts } from '../../ingest/counts.ts'
import { createDeadLetterLog, type DeadLetterQueue } from '../../ingest/dead-letters.ts'
import { createDecodedIngester, createIngester } from '../../ingest/ingest-record.ts'
import { type PartitionKey, parsePartitionKey } from '../../source/partition.ts'
import type { SourceHandlers } from '../../source/types.ts'
import type { OwnedWork } from './owned-work.ts'
import type { LiveOptions } from './types.ts'

/** A silence of the broker shorter than this, or than half of what makes a partition idle, is no absence. */
const minBreakMs = 3_000

export interface IngestStageParts {
  readonly ownedWork: OwnedWork
  readonly counts: Counts
  readonly dead: DeadLetterQueue
  readonly close: () => void
  readonly commit: () => Promise<boolean>
}

/** The first stage: what the source calls. None of it waits for the store, which would cost heartbeats. */
export function createIngestStage(
  { windows, decodeOf, topics, clock, log, metrics }: LiveOptions,
  { ownedWork, counts, dead, close, commit }: IngestStageParts
): SourceHandlers {
  const note = createDeadLetterLog({ clock, log, topics })
  const ingester = createIngester({ decodeOf, topics, counts, dead, note })
  const decodedIngester = createDecodedIngester({ topics, counts, dead, note })
  const brokerUptime = createBrokerUptime(Math.max(windows.idleMs / 2, minBreakMs))
  const windowsOf = (key: PartitionKey) => ownedWork.current()?.partitions.get(key)

  return {
    onAssigned: ownedWork.onAssigned,
    onRevoked: ownedWork.onRevoked,
    position: key => windowsOf(key)?.position(),
    ingester: key => ingester(key, windowsOf(key)),
    decodedIngester: key => decodedIngester(key, windowsOf(key)),
    moveTo(key, offset) {
      windowsOf(key)?.moveTo(offset)
      close()
    },
    skipDeleted(key, offset) {
      windowsOf(key)?.jumpTo(offset)
      // KafkaJS has met the gap too, and committed its end without our metadata.
      void commit()
    },
    countLost(key, records) {
      const { topic, partition } = parsePartitionKey(key)
      metrics.addRecordsLost(topic, partition, records)
    },
    endSeen(key, end, askedAt) {
      windowsOf(key)?.endSeen(end, askedAt, brokerUptime.since(askedAt))
    }
  }
}
