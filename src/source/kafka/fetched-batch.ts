import { RecordCursor } from './record-cursor.ts'

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
  /** Its records stand for those of a batch that could not be decoded. */
  readonly isReplaced: boolean
}

/**
 * A batch of at least one record, of which all can be read. KafkaJS takes it for a message, and so leaves out all records of a
 * batch or none: as Kafka has it, those of one batch are of one transaction, or all control records.
 */
export class FetchedBatch {
  readonly batchContext: BatchContext
  /** Decompressed; the records alone. */
  readonly bytes: Buffer
  readonly count: number
  /** Of the last record: KafkaJS leaves out what lies before the offset that it fetched from. */
  readonly offsetNumber: number
  /** Of the first record: of a control batch it says what became of the transaction. */
  readonly key: Buffer | null

  /** Throws where the records are not as many, or not as long, as they say. */
  constructor(bytes: Buffer, count: number, context: BatchContext) {
    this.batchContext = context
    this.bytes = bytes
    this.count = count
    const cursor = new RecordCursor()
    cursor.enter(this)
    cursor.next()
    cursor.skipHeaders()
    this.key = context.isControlBatch ? cursor.key : null
    while (cursor.next()) cursor.skipHeaders()
    this.offsetNumber = cursor.offset
  }

  get offset(): string {
    return String(this.offsetNumber)
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch
  }
}
