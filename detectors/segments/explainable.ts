import type { Finding, SegmentShare } from '../types.ts'
import type { Quantity } from './columns.ts'

/** What a finding on the whole shop is a change of, and how a segment's part in it is shown. */
export interface Explainable {
  readonly quantity: Quantity
  /** What was seen ÷ what was expected. */
  readonly ratio: (finding: Finding) => number
  /** The segment's value and expectation in the finding's own unit. */
  readonly shown: (segment: SegmentShare, finding: Finding) => SegmentShare
}

/** An amount: each segment's own. */
export const ofAmounts = (quantity: Quantity): Explainable => ({
  quantity,
  ratio: ({ value, expected }) => value / expected,
  shown: segment => segment
})

/** A share of purchases: the segment's own, as if its share of what they are counted among were as usual. */
export const ofPurchases: Explainable = {
  quantity: 'orders',
  ratio: ({ value, expected }) => value / expected,
  shown: (segment, { expected }) => ({
    ...segment,
    value: (expected * segment.value) / segment.expected,
    expected
  })
}

/** A share of those that do not purchase. */
export const ofOthers: Explainable = {
  quantity: 'orders',
  ratio: ({ value, expected }) => (1 - value) / (1 - expected),
  shown: (segment, { expected }) => ({
    ...segment,
    value: 1 - ((1 - expected) * segment.value) / segment.expected,
    expected
  })
}
