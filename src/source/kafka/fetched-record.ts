import { RecordBytes } from './record-bytes.ts'

/** What the records of one batch have in common. */
export interface BatchContext {
  readonly firstOffset: number
  readonly firstTimestamp: number
  /** Of all records, where the broker set it as it appended them. */
  readonly appendTime: number | undefined
  /** KafkaJS compares it with those of aborted transactions. */
  readonly producerId: string
  readonly inTransaction: boolean
  readonly isControlBatch: boolean
}

type Headers = Readonly<Record<string, (Buffer | null) | readonly (Buffer | null)[]>>

const noHeaders: Headers = Object.freeze({})

/**
 * A record of a fetch. It has what KafkaJS's own have, and holds only where that lies in its batch: texts, buffers and headers are
 * made when they are asked for.
 */
export class FetchedRecord {
  readonly batchContext: BatchContext
  readonly offsetNumber: number
  readonly timestampNumber: number
  /** Of the batch: the value lies in it. */
  readonly bytes: Buffer
  private readonly keyEnd: number
  private readonly keyLength: number
  readonly valueEnd: number
  private readonly headerCount: number
  /** Of the value, in bytes; below 0 there is none. */
  readonly valueLength: number
  private valueBytes: Buffer | null | undefined

  /** Reads the record that begins at the position of `from`, and moves behind it. */
  constructor(from: RecordBytes, batch: BatchContext) {
    this.bytes = from.bytes
    this.batchContext = batch
    // Attributes, which Kafka does not use.
    from.byte()
    const timestamp = batch.firstTimestamp + from.varint()
    this.timestampNumber = batch.appendTime ?? timestamp
    this.offsetNumber = batch.firstOffset + from.varint()
    this.keyLength = from.skipBytes()
    this.keyEnd = from.at
    this.valueLength = from.skipBytes()
    this.valueEnd = from.at
    this.headerCount = from.varint()
    // Of each its name and its value.
    for (let left = 2 * this.headerCount; left > 0; left -= 1) from.skipBytes()
  }

  get valueStart(): number {
    return this.valueEnd - this.valueLength
  }

  get offset(): string {
    return String(this.offsetNumber)
  }

  get timestamp(): string {
    return String(this.timestampNumber)
  }

  get key(): Buffer | null {
    return this.cut(this.keyEnd, this.keyLength)
  }

  get value(): Buffer | null {
    if (this.valueBytes === undefined) this.valueBytes = this.cut(this.valueEnd, this.valueLength)
    return this.valueBytes
  }

  get headers(): Headers {
    if (this.headerCount <= 0) return noHeaders
    const from = new RecordBytes(this.bytes)
    from.at = this.valueEnd
    from.varint()
    const headers = new Map<string, (Buffer | null) | (Buffer | null)[]>()
    for (let left = this.headerCount; left > 0; left -= 1) {
      const nameLength = from.skipBytes()
      const name = String(this.cut(from.at, nameLength))
      const valueLength = from.skipBytes()
      const value = this.cut(from.at, valueLength)
      const before = headers.get(name)
      headers.set(name, before === undefined ? value : [before, value].flat())
    }
    return Object.fromEntries(headers)
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch
  }

  private cut(end: number, length: number): Buffer | null {
    return length < 0 ? null : this.bytes.subarray(end - length, end)
  }
}

/** All records that the bytes of a batch hold. Throws where they are not as many, or not as long, as they say. */
export function recordsIn(bytes: Buffer, count: number, batch: BatchContext): FetchedRecord[] {
  const from = new RecordBytes(bytes)
  const records: FetchedRecord[] = []
  while (records.length < count) {
    const length = from.varint()
    const end = from.at + length
    if (length < 0 || end > bytes.length)
      throw new Error(`a record of ${length} bytes goes beyond its batch of ${bytes.length}`)
    from.end = end
    records.push(new FetchedRecord(from, batch))
    from.at = end
    from.end = bytes.length
  }
  return records
}
