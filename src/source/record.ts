/** Takes one record. Its bytes lie in a buffer that is used again: copy what must be kept. */
export type IngestRecord = (offset: number, recordTime: number, record: SourceRecord) => void

export interface SourceRecord extends Partial<ValuePlace> {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, unknown>>
  /** The bytes as they came, where `value` is made of them. */
  readonly original?: Buffer
}

/** Where a record's value lies, for those who read it there. */
export interface ValuePlace {
  readonly bytes: Buffer
  readonly valueStart: number
  readonly valueEnd: number
  /** Below 0 there is no value. */
  readonly valueLength: number
}

/** The header of a record that replaces one of a batch that could not be decoded. */
export const undecodableHeader = 'cartwatch-undecodable-batch'
