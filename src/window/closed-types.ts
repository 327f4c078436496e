import type { Partial } from './types.ts'

/** All partitions' shares of one window together, final. */
export interface ClosedWindow {
  readonly start: number
  readonly end: number
  readonly complete: boolean
  /** In order of their partition; none for a window in which nothing happened. */
  readonly partials: readonly Partial[]
  /** Whose they are, in the same order: `topic/number`. */
  readonly partitions: readonly string[]
}
