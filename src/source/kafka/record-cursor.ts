import type { SourceRecord, ValuePlace } from '../record.ts'
import type { FetchedBatch } from './fetched-batch.ts'
import { RecordBytes } from './record-bytes.ts'

type Headers = Readonly<Record<string, (Buffer | null) | readonly (Buffer | null)[]>>

const noHeaders: Headers = Object.freeze({})

/**
 * Goes from record to record of a batch, and is the record where it stands. It holds only where things lie in the batch's bytes:
 * buffers and headers are made when they are asked for.
 */
export class RecordCursor extends RecordBytes implements SourceRecord, ValuePlace {
  offset = 0
  /** In milliseconds. */
  time = 0
  valueStart = 0
  valueEnd = 0
  valueLength = -1
  private left = 0
  private firstOffset = 0
  private firstTimestamp = 0
  /** Of all records, where the broker set it: NaN where it did not. */
  private appendTime = Number.NaN
  private keyEnd = 0
  private keyLength = -1
  private recordEnd = 0
  private headersAt = 0
  private valueBytes: Buffer | null | undefined = undefined

  get isAtEnd(): boolean {
    return this.left === 0
  }

  /** Stands before the first record of the batch. */
  enter({ bytes, count, batchContext }: Pick<FetchedBatch, 'bytes' | 'count' | 'batchContext'>): void {
    this.bytes = bytes
    this.left = count
    this.recordEnd = 0
    this.firstOffset = batchContext.firstOffset
    this.firstTimestamp = batchContext.firstTimestamp
    this.appendTime = batchContext.appendTime ?? Number.NaN
  }

  /** False where there is no further record. Throws where its bytes are not as long as they say. */
  next(): boolean {
    if (this.left === 0) return false
    this.left -= 1
    this.at = this.recordEnd
    this.end = this.bytes.length
    const length = this.varint()
    const end = this.at + length
    if (length < 0 || end > this.end)
      throw new Error(`a record of ${length} bytes goes beyond its batch of ${this.end}`)
    this.end = end
    this.recordEnd = end
    // Attributes, which Kafka does not use.
    this.at += 1
    const timestamp = this.firstTimestamp + this.varint()
    this.time = Number.isNaN(this.appendTime) ? timestamp : this.appendTime
    this.offset = this.firstOffset + this.varint()
    this.keyLength = this.skipBytes()
    this.keyEnd = this.at
    this.valueLength = this.skipBytes()
    this.valueEnd = this.at
    this.valueStart = this.valueEnd - this.valueLength
    this.valueBytes = undefined
    this.headersAt = this.at
    return true
  }

  /** Throws where they go on beyond their record. */
  skipHeaders(): void {
    // Of each its name and its value.
    for (let left = 2 * this.varint(); left > 0; left -= 1) this.skipBytes()
  }

  get key(): Buffer | null {
    return this.cut(this.keyEnd, this.keyLength)
  }

  get value(): Buffer | null {
    if (this.valueBytes === undefined) this.valueBytes = this.cut(this.valueEnd, this.valueLength)
    return this.valueBytes
  }

  get headers(): Headers {
    this.at = this.headersAt
    const count = this.varint()
    if (count <= 0) return noHeaders
    const headers = new Map<string, (Buffer | null) | (Buffer | null)[]>()
    for (let left = count; left > 0; left -= 1) {
      const nameLength = this.skipBytes()
      const name = String(this.cut(this.at, nameLength))
      const valueLength = this.skipBytes()
      const value = this.cut(this.at, valueLength)
      const before = headers.get(name)
      headers.set(name, before === undefined ? value : [before, value].flat())
    }
    return Object.fromEntries(headers)
  }

  private cut(end: number, length: number): Buffer | null {
    return length < 0 ? null : this.bytes.subarray(end - length, end)
  }
}
