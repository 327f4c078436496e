import type { DecodeOptions } from '../decode/types.ts'

/** What it takes of the configuration. */
export interface Inspecting {
  readonly decoding: Omit<DecodeOptions, 'layout' | 'extraFields'>
  /** The values of about the newest records of a topic. */
  readNewest(topic: string, count: number): Promise<readonly (Buffer | null)[]>
}
