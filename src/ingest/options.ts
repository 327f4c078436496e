import type { PartialOptions } from '../window/accumulate.ts'

export interface IngestOptions extends PartialOptions {
  readonly sizeMs: number
  readonly graceMs: number
  readonly idleMs: number
  /** A partition this many windows ahead of the last closed one is not read on. */
  readonly maxAhead: number
  /** A partition that holds the others for this long, while it is read, is given up. */
  readonly skipAfterMs: number
  /** Lines of a file have no timestamp beside their event's: what is measured by it is not there. */
  readonly recordTimes?: 'none'
}
