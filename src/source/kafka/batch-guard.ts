import { messageOf } from '../../telemetry/message.ts'
import { batchHeaderBytes, batchLayout } from './batch-layout.ts'
import { crc32c } from './crc32c.ts'
import { undecodableBatch } from './undecodable.ts'

/** KafkaJS's reader of the bytes of a fetch. */
export interface BatchDecoder {
  readonly buffer: Buffer
  offset: number
}

export type DecodeBatch<Decoded> = (decoder: BatchDecoder) => Promise<Decoded>

/**
 * Called before KafkaJS decodes a batch: KafkaJS checks no checksum, and stops for good on bytes that it cannot decode. A
 * batch with a wrong checksum, or one that cannot be decoded, is read as undecodable records.
 */
export async function guardBatch<Decoded>(
  decoder: BatchDecoder,
  decode: DecodeBatch<Decoded>
): Promise<Decoded> {
  const { buffer, offset: start } = decoder
  const length = buffer.readInt32BE(start + batchLayout.length)
  const end = start + batchLayout.lengthEnd + length
  if (end - start < batchHeaderBytes || end > buffer.length) throw cutOff(length)
  const batch = buffer.subarray(start, end)
  let reason = 'its checksum does not match'
  if (crc32c(batch, batchLayout.attributes) === batch.readUInt32BE(batchLayout.crc)) {
    try {
      return await decode(decoder)
    } catch (error) {
      reason = messageOf(error)
    }
  }
  decoder.offset = end
  const NewDecoder = decoder.constructor as new (bytes: Buffer) => BatchDecoder
  return decode(new NewDecoder(undecodableBatch(batch, firstOffsetAt(buffer, end), reason)))
}

/** A fetch may end in the middle of a batch: KafkaJS then fetches the batch again, by the error's name. */
function cutOff(length: number): Error {
  return Object.assign(new Error(`a batch of ${length} bytes goes beyond its fetch`), {
    name: 'KafkaJSPartialMessageError'
  })
}

function firstOffsetAt(buffer: Buffer, at: number): bigint | undefined {
  return at + batchLayout.lengthEnd <= buffer.length ? buffer.readBigInt64BE(at) : undefined
}
