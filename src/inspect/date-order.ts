import type { Layout } from '../decode/layout.ts'
import type { Scalar } from './survey.ts'

export type DateOrder = NonNullable<Layout['dateOrder']>

/** What the values of a field say: `open` where each could be both, undefined where none has that form. */
export function dateOrderOf(values: readonly Scalar[]): DateOrder | 'open' | undefined {
  let isDayFirst = false
  let isMonthFirst = false
  let count = 0
  for (const value of values) {
    const [, first, second] =
      (typeof value === 'string' && /^(\d{1,2})[-/](\d{1,2})[-/]\d{4}\b/.exec(value)) || []
    if (first === undefined || second === undefined) continue
    count++
    if (Number(first) > 12) isDayFirst = true
    if (Number(second) > 12) isMonthFirst = true
  }
  if (count === 0) return undefined
  if (isDayFirst === isMonthFirst) return 'open'
  return isDayFirst ? 'day_first' : 'month_first'
}
