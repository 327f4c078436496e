/** A record that is looked at: a file's are their value alone. */
export type Sample = Buffer | null | SampledRecord

export interface SampledRecord {
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, unknown>>
}

export const sampleOf = (sample: Sample): SampledRecord =>
  sample === null || Buffer.isBuffer(sample) ? { value: sample } : sample
