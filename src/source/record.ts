import type { Decoded } from '../decode/types.ts'

/** Takes one record. Its bytes lie in a buffer that is used again: copy what must be kept. */
export type IngestRecord = (offset: number, recordTime: number, record: SourceRecord) => void

/** Takes one record that was decoded elsewhere; of one that is an event, `record` may lack its bytes. */
export type IngestDecoded = (
  offset: number,
  recordTime: number,
  decoded: Decoded,
  record: SourceRecord
) => void

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

/** The record stands for one of a batch that could not be decoded. */
export const isUndecodable = (record: SourceRecord): boolean =>
  isEmpty(record) && record.headers?.[undecodableHeader] !== undefined

const isEmpty = (record: SourceRecord): boolean =>
  record.valueLength === undefined ? record.value === null : record.valueLength < 0
