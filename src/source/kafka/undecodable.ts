import { undecodableHeader } from '../record.ts'
import { batchHeaderBytes, batchLayout } from './batch-layout.ts'

/** A batch is replaced by no more records than this; the last one then has the batch's last offset. */
const maxRecords = 100_000

/**
 * Replaces a batch that cannot be decoded, so that reading continues after it: has as many records, each with a null
 * value and `undecodableHeader`. `nextOffset` is the first offset of the batch after it, if known.
 */
export function undecodableBatch(batch: Buffer, nextOffset: bigint | undefined, reason: string): Buffer {
  const offsets = offsetsIn(batch, nextOffset)
  const count = Math.min(offsets, maxRecords)
  const tail = recordTail(Buffer.from(reason.slice(0, 200)))
  const deltas = Array.from({ length: count }, (_, index) => (index === count - 1 ? offsets - 1 : index))
  const records = Buffer.concat(deltas.map(delta => record(delta, tail)))
  const header = Buffer.from(batch.subarray(0, batchHeaderBytes))
  header.writeInt32BE(batchHeaderBytes - batchLayout.lengthEnd + records.length, batchLayout.length)
  header.writeInt16BE(0, batchLayout.attributes)
  header.writeInt32BE(offsets - 1, batchLayout.lastOffsetDelta)
  header.fill(0xff, batchLayout.producer, batchLayout.count)
  header.writeInt32BE(count, batchLayout.count)
  return Buffer.concat([header, records])
}

/**
 * How many offsets the batch covers. Any field of its header may be broken: the next batch's first offset is best, then
 * the larger possible value of two fields.
 */
function offsetsIn(batch: Buffer, nextOffset: bigint | undefined): number {
  const first = batch.readBigInt64BE(batchLayout.firstOffset)
  const stated = [batch.readInt32BE(batchLayout.lastOffsetDelta) + 1, batch.readInt32BE(batchLayout.count)]
  const candidates = nextOffset === undefined ? stated : [Number(nextOffset - first)]
  return Math.max(1, ...candidates.filter(count => count <= maxOffsets))
}

/** More than any producer puts into one batch. */
const maxOffsets = 10_000_000

function record(offsetDelta: number, tail: Buffer): Buffer {
  const attributesAndTimestampDelta = Buffer.from([0, 0])
  const body = Buffer.concat([attributesAndTimestampDelta, varint(offsetDelta), tail])
  return Buffer.concat([varint(body.length), body])
}

function recordTail(reason: Buffer): Buffer {
  const nullKeyAndValue = Buffer.concat([varint(-1), varint(-1)])
  const name = Buffer.from(undecodableHeader)
  return Buffer.concat([nullKeyAndValue, varint(1), varint(name.length), name, varint(reason.length), reason])
}

// The zigzag varint of Kafka's record format.
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}
