import { batchHeaderBytes, batchLayout } from './batch-layout.ts'
import { type BatchContext, FetchedBatch } from './fetched-batch.ts'

/** Reads what a producer compressed; by the number of the codec in a batch's attributes. */
export type Decompress = (codec: number, compressed: Buffer) => Promise<Buffer>

/** The bits of a batch's attributes. */
const codecBits = 0x07
const appendTimeBit = 0x08
const transactionBit = 0x10
const controlBit = 0x20

/** A batch (format 2) whose checksum is right; none where it has no records. Rejects where they cannot be read. */
export async function decodeBatch(
  batch: Buffer,
  decompress: Decompress,
  isReplaced = false
): Promise<FetchedBatch | undefined> {
  const attributes = batch.readInt16BE(batchLayout.attributes)
  const codec = attributes & codecBits
  const stored = batch.subarray(batchHeaderBytes)
  const bytes = codec === 0 ? stored : await decompress(codec, stored)
  const count = batch.readInt32BE(batchLayout.count)
  if (count <= 0) return undefined
  const context: BatchContext = {
    firstOffset: Number(batch.readBigInt64BE(batchLayout.firstOffset)),
    firstTimestamp: Number(batch.readBigInt64BE(batchLayout.firstTimestamp)),
    appendTime:
      (attributes & appendTimeBit) === 0 ? undefined : Number(batch.readBigInt64BE(batchLayout.maxTimestamp)),
    producerId: String(batch.readBigInt64BE(batchLayout.producer)),
    inTransaction: (attributes & transactionBit) !== 0,
    isControlBatch: (attributes & controlBit) !== 0,
    isReplaced
  }
  return new FetchedBatch(bytes, count, context)
}
