/** Sums of the past that a trailing span is compared with, column by column. */
export interface Past {
  readonly baseline: 'rolling' | 'time_of_day'
  readonly sums: Float64Array
  /** Sums up the newer half of a rolling past, which shows where a share is going; before the window is learned. */
  newer?(): Float64Array
}

export interface DimensionOptions {
  /** Values that are followed, more than a window keeps, so that some come and go without loss. */
  readonly slots: number
  /** Spans, memory and warm-up in windows. */
  readonly longest: number
  readonly memory: number
  readonly warmup: number
  /** Length of the sums that bunches are learned from. */
  readonly block: number
  readonly spread: number
  readonly leastSpread: number
}
