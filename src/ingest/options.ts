import type { PartialOptions } from '../window/accumulate.ts'

/** Empty windows in a row that are stored: a week of them at one minute. A longer gap in the events is left out. */
export const maxEmptyWindows = 10_080

export interface IngestOptions extends PartialOptions {
  readonly sizeMs: number
  readonly graceMs: number
  readonly idleMs: number
  /** A partition this many windows ahead of the last closed one is paused. */
  readonly maxAhead: number
  /** A partition that holds back the others for this long, while it is read, is skipped. */
  readonly skipAfterMs: number
  /** Lines of a file have no timestamp beside their event's: metrics that need it are absent. */
  readonly recordTimes?: 'none'
}
