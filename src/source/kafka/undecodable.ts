import { messageOf } from '../../telemetry/message.ts'
import { undecodableHeader } from '../types.ts'

const maxRecords = 1_000_000
const recordCountBytes = 4

/**
 * The plain records of a batch that cannot be decompressed: as many as it holds, each with a null value and
 * `undecodableHeader`. KafkaJS has no other way past such a batch. Throws `cause` where the batch holds too many.
 *
 * KafkaJS hands the codec a slice of the batch: the number of records stands in the 4 bytes before it.
 */
export function undecodableRecords(compressed: Buffer, cause: unknown): Buffer {
  if (compressed.byteOffset < recordCountBytes) throw cause
  const count = new DataView(compressed.buffer, compressed.byteOffset - recordCountBytes).getInt32(0)
  if (count < 1 || count > maxRecords) throw cause
  const reason = messageOf(cause)
  const tail = recordTail(Buffer.from(reason.slice(0, 200)))
  return Buffer.concat(Array.from({ length: count }, (_, delta) => record(delta, tail)))
}

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
