import type { Expectation } from '../stats/significance.ts'

/** `count` over `exposure`: a number per window has exposure 1, a rate its denominator. */
export interface Reading {
  readonly count: number
  readonly exposure: number
  /** Of amounts: the sum of their squares. */
  readonly squares?: number
  /** Of an exposure that follows a curve: how far the curve may be wrong just here, in logarithms. */
  readonly curveSd?: number
  /** Variance ÷ mean that a count has at least, because lines of an order or a cart come together. */
  readonly burst?: number
}

/** A range of windows against what a state before them foretold. */
export interface Comparison {
  readonly observed: number
  readonly exposure: number
  readonly windows: number
  /** Expected of an exposure of 1; known also where the range has no exposure. */
  readonly rate: number
  readonly expectation: Expectation
  /** Of amounts: the sum of their squares. */
  readonly squares: number
  /** The part of the level's variance that the filter and the curve know of. */
  readonly filterVariance: number
  /** What was expected at the level of before a new one was believed; absent where that is long ago. */
  readonly former?: Expectation | undefined
  /** What one of the counted things counts for: 1, or the usual amount where amounts are summed. */
  readonly unit: number
}
