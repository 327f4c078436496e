import type { Context, FilterImplOptions, Operators } from 'liquidjs'
import type { Budget } from './limits.ts'

/** Filters that are taken from LiquidJS: those whose work grows no faster than what they take and give. */
export const keptFilters: ReadonlySet<string> = new Set([
  ...[
    'abs',
    'at_least',
    'at_most',
    'ceil',
    'divided_by',
    'floor',
    'minus',
    'modulo',
    'plus',
    'round',
    'times'
  ],
  ...['append', 'prepend', 'capitalize', 'downcase', 'upcase', 'replace', 'replace_first', 'replace_last'],
  ...[
    'remove',
    'remove_first',
    'remove_last',
    'split',
    'strip',
    'lstrip',
    'rstrip',
    'strip_newlines',
    'squish'
  ],
  ...['truncate', 'truncatewords', 'url_encode', 'slice', 'size', 'default', 'date'],
  ...['join', 'first', 'last', 'reverse', 'sort', 'sort_natural', 'uniq', 'map', 'where', 'reject', 'find'],
  ...['compact', 'concat', 'sum', 'raw']
])

type FilterHandler = Extract<FilterImplOptions, (...args: never[]) => unknown>

/** A filter of ours. */
interface OwnFilter<Job> {
  handler(value: unknown, args: readonly unknown[], job: Job): unknown
  /** What it gives is markup and stays as it is. */
  readonly isMarkup?: boolean
}

export type OwnFilters<Job> = Readonly<Record<string, OwnFilter<Job>>>

/** Counts a filter as a step, and what it takes and gives. */
export function withinBudget(filter: FilterImplOptions, budgetNow: () => Budget): FilterImplOptions {
  const isPlain = typeof filter === 'function'
  const original = isPlain ? filter : filter.handler
  return {
    raw: isPlain ? false : filter.raw,
    *handler(...args) {
      const budget = budgetNow()
      budget.step()
      for (const arg of args) count(arg, budget)
      const result: unknown = yield original.apply(this, args)
      count(result, budget)
      return result
    }
  }
}

function count(value: unknown, budget: Budget): void {
  if (typeof value === 'string') budget.use(value.length)
  else if (Array.isArray(value)) budget.useList(value.length)
}

/** Counts each operator of a condition as a step. */
export function countedOperators(operators: Operators, budgetNow: () => Budget): Operators {
  const entries = Object.entries(operators).map(([name, operator]) => [
    name,
    (...operands: readonly unknown[]) => {
      budgetNow().step()
      return Reflect.apply(operator, undefined, operands)
    }
  ])
  return Object.fromEntries(entries)
}

const longestFormat = 100
/** Time zones and names of days are looked up for each. */
const stepsOfCode = 4
const codesIn = (format: string): number => format.split('%').length

/** The date filter in a language, for times that are given: which message has `now` in it nobody could say later. */
export function dateFilter(
  original: FilterImplOptions,
  localeNow: () => string,
  budgetNow: () => Budget
): FilterHandler {
  const write = typeof original === 'function' ? original : original.handler
  return function date(value, format, ...rest) {
    if (value === 'now' || value === 'today') throw new Error('takes a time such as sent_at')
    const written = String(format ?? '')
    if (written.length > longestFormat)
      throw new Error(`takes a format of at most ${longestFormat} characters`)
    budgetNow().work(codesIn(written) * stepsOfCode)
    const { memoryLimit, opts } = this.context
    const context = { memoryLimit, opts: { ...opts, locale: localeNow() } } as Context
    return write.apply({ ...this, context }, [value, format, ...rest])
  }
}
