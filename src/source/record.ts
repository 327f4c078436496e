/** Takes one record. What it holds are slices of a buffer that is used again and must not be kept. */
export type IngestRecord = (offset: number, recordTime: number, record: SourceRecord) => void

export interface SourceRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, unknown>>
}

/** The header of a record that stands for one of a batch that could not be decompressed. */
export const undecodableHeader = 'cartwatch-undecodable-batch'
