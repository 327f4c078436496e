import type { BadChange, Scale } from '../types.ts'

/** A metric of the user's own, with what the configuration says of it beyond what its expression shows. */
export type OwnMetric = Expression &
  Partial<Scale> & { readonly bad?: BadChange; readonly segments?: true | readonly string[] }

/** What is measured, as it is written in the configuration. */
export type Expression =
  | Aggregate
  | {
      readonly kind: 'quantile'
      readonly field: string
      readonly percent: number
      readonly where?: Condition
    }
  | { readonly kind: 'ratio'; readonly numerator: Aggregate; readonly denominator: Aggregate }

/** What adds up over windows. */
export type Aggregate =
  | { readonly kind: 'count'; readonly where?: Condition }
  | {
      readonly kind: 'sum'
      readonly field: string
      /** Fields that it is multiplied by, event by event. */
      readonly times?: readonly string[]
      /** A whole number that it is divided by. */
      readonly per?: number
      readonly where?: Condition
    }
  | { readonly kind: 'distinct'; readonly field: string; readonly where?: Condition }

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'exists'; readonly field: string }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly Literal[] }
  | { readonly kind: 'compare'; readonly field: string; readonly sign: Comparison; readonly than: number }

export type Comparison = '<' | '<=' | '>' | '>='

/** As it is written; a number too where it is one and not in quotes. */
export interface Literal {
  readonly text: string
  readonly number: number | undefined
}

/** What is wrong with an expression: what stands at the column, from 1, and what would be right there. */
export interface Misreading {
  readonly column: number
  readonly found: string
  readonly expected: string
}
