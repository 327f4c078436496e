import type { Batch } from 'kafkajs'
import type { SourceRecord } from '../record.ts'
import { FetchedBatch } from './fetched-batch.ts'
import { fetchedOffset } from './partition-control.ts'
import { RecordCursor } from './record-cursor.ts'

/** Our batches in the place of messages, and KafkaJS's own messages where they are of older formats. */
type FetchedMessages = Batch['messages']

/** Goes over the records that a fetch gives of a partition, in their order, from the offset that was asked for. */
export class FetchWalk {
  offset = 0
  /** In milliseconds. */
  time = 0
  /** Of the value, in bytes. */
  size = 0
  /** It stands for one of a batch that could not be decoded. */
  isReplaced = false
  /** Valid until the next. */
  record: SourceRecord
  private readonly cursor = new RecordCursor()
  private readonly messages: FetchedMessages
  private readonly from: number
  private index = 0

  constructor(batch: Batch) {
    this.messages = batch.messages
    this.from = fetchedOffset(batch)
    this.record = this.cursor
  }

  get value(): Buffer | null {
    return this.record.value
  }

  /** False where there is no further record. */
  next(): boolean {
    const { cursor } = this
    do {
      while (cursor.isAtEnd) {
        if (this.index === this.messages.length) return false
        if (this.enter(this.messages[this.index++] as FetchedMessages[number])) return true
      }
      cursor.next()
    } while (cursor.offset < this.from)
    this.offset = cursor.offset
    this.time = cursor.time
    this.size = Math.max(0, cursor.valueLength)
    return true
  }

  /** True if it is a record by itself. */
  private enter(message: FetchedMessages[number] | FetchedBatch): boolean {
    if (message instanceof FetchedBatch) {
      this.cursor.enter(message)
      this.record = this.cursor
      this.isReplaced = message.batchContext.isReplaced
      return false
    }
    this.record = message
    this.offset = Number(message.offset)
    this.time = Number(message.timestamp)
    this.size = message.value?.length ?? 0
    this.isReplaced = false
    return true
  }
}

/** The records that a fetch gives of a partition, one after another. */
export function* walkOver(batch: Batch): Generator<FetchWalk> {
  const walk = new FetchWalk(batch)
  while (walk.next()) yield walk
}
