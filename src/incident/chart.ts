/** One window of a chart; null where it has no value, or nothing was expected, or nothing watches that edge. */
export interface ChartPoint {
  readonly start: number
  readonly value: number | null
  readonly expected: number | null
  readonly lower: number | null
  readonly upper: number | null
}

/** A finding's metric and segment over the last hours, oldest first. */
export interface Chart {
  readonly windowMs: number
  readonly points: readonly ChartPoint[]
}
