import { messageOf } from '../../telemetry/message.ts'
import { batchHeaderBytes, batchLayout } from './batch-layout.ts'
import { crc32c } from './crc32c.ts'
import { type Decompress, decodeBatch } from './decode-batch.ts'
import type { FetchedBatch } from './fetched-batch.ts'
import { undecodableBatch } from './undecodable.ts'

/** KafkaJS's reader of the bytes of a fetch. */
export interface FetchBytes {
  readonly buffer: Buffer
  offset: number
}

/**
 * Decodes a batch in place of KafkaJS, which checks no checksum, stops for good on bytes that it cannot decode, and makes objects of
 * all that a record may have. It gets the batch as its only record. One with a wrong checksum, or that cannot be decoded, is
 * replaced by one of undecodable records.
 */
export async function readBatchOf(
  fetched: FetchBytes,
  decompress: Decompress
): Promise<{ readonly records: readonly FetchedBatch[] }> {
  const { buffer, offset: start } = fetched
  const length = buffer.readInt32BE(start + batchLayout.length)
  const end = start + batchLayout.lengthEnd + length
  if (end - start < batchHeaderBytes || end > buffer.length) throw cutOff(length)
  fetched.offset = end
  const batch = buffer.subarray(start, end)
  let reason = 'its checksum does not match'
  if (crc32c(batch, batchLayout.attributes) === batch.readUInt32BE(batchLayout.crc)) {
    try {
      return recordsOf(await decodeBatch(batch, decompress))
    } catch (error) {
      reason = messageOf(error)
    }
  }
  const instead = undecodableBatch(batch, firstOffsetAt(buffer, end), reason)
  return recordsOf(await decodeBatch(instead, decompress, true))
}

const recordsOf = (batch: FetchedBatch | undefined) => ({ records: batch === undefined ? [] : [batch] })

/** A fetch may end in the middle of a batch: KafkaJS then fetches the batch again, by the error's name. */
function cutOff(length: number): Error {
  return Object.assign(new Error(`a batch of ${length} bytes goes beyond its fetch`), {
    name: 'KafkaJSPartialMessageError'
  })
}

function firstOffsetAt(buffer: Buffer, at: number): bigint | undefined {
  return at + batchLayout.lengthEnd <= buffer.length ? buffer.readBigInt64BE(at) : undefined
}
