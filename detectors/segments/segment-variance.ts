import { createDispersion, type Dispersion } from '../stats/dispersion.ts'
import { createSpread, type Spread } from '../stats/spread.ts'
import { columnOf, firstValue, type Quantity, quantities, whole } from './columns.ts'
import type { DimensionOptions, Past } from './past.ts'

/** Counts that come together: events of a visit, orders of a bulk buyer, amounts of very different size. */
const bunches: Readonly<Record<Quantity, number>> = { events: 6, orders: 1.2, money: 4 }
/** In blocks: how much the belief counts for, and how long what was learned is kept. */
const priorBlocks = 24
const memoryBlocks = 432
/** The same of shares, in longest spans. */
const priorSpans = 24
const memorySpans = 168
/** Fewer than this say nothing of a share. */
const fewCounts = 10

/** How far a value's count strays from its share: by its bunches, and because the share itself moves. */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function createSegmentVariance(
  columns: number,
  { longest, block, spread: prior, leastSpread }: DimensionOptions
) {
  const dispersions: (Dispersion | undefined)[] = new Array(columns)
  const spreads: Readonly<Record<Past['baseline'], (Spread | undefined)[]>> = {
    rolling: new Array(columns),
    time_of_day: new Array(columns)
  }
  let unbroken = 0

  function learnDispersion(
    sums: Float64Array,
    before: Float64Array,
    place: number,
    quantity: Quantity
  ): void {
    const [column, total] = [columnOf(place, quantity), columnOf(whole, quantity)]
    const both = (sums[column] as number) + (before[column] as number)
    const all = (sums[total] as number) + (before[total] as number)
    const unit = unitOf(sums, quantity)
    // A value that is nearly all there is varies little among so few others.
    const scale = all > both ? all / (all - both) / unit : 0
    if (!(both * scale >= fewCounts)) return
    dispersions[column] ??= createDispersion({
      prior: bunches[quantity],
      priorWindows: priorBlocks,
      memoryWindows: memoryBlocks,
      least: 1,
      greatest: 200
    })
    dispersions[column].learn({
      count: (sums[column] as number) * scale,
      exposure: sums[total] as number,
      countBefore: (before[column] as number) * scale,
      exposureBefore: before[total] as number
    })
  }

  function learnSpread(sums: Float64Array, past: Past, place: number, quantity: Quantity): void {
    const [column, total] = [columnOf(place, quantity), columnOf(whole, quantity)]
    const unit = unitOf(past.sums, quantity)
    const known = (past.sums[column] as number) / unit
    const mean = ((sums[total] as number) * known) / (past.sums[total] as number)
    if (!(mean >= fewCounts)) return
    const dispersion = dispersionOf(place, quantity)
    const learned = spreads[past.baseline]
    learned[column] ??= createSpread([1], {
      prior,
      priorSpans,
      least: leastSpread,
      memoryWindows: memorySpans
    })
    learned[column].learn(1, (sums[column] as number) / unit, mean, dispersion, dispersion / known)
  }

  const dispersionOf = (place: number, quantity: Quantity) =>
    dispersions[columnOf(place, quantity)]?.value() ?? bunches[quantity]

  return {
    /** Takes in the newest window, in order. */
    learn(
      window: number,
      places: number,
      trailing: (from: number, to: number) => Float64Array,
      pasts: (span: number) => readonly Past[]
    ): void {
      unbroken += 1
      const dueBlock = unbroken >= longest + 2 * block && window % block === 0
      const dueSpan = unbroken >= longest && window % longest === 0
      if (!dueBlock && !dueSpan) return
      // Behind every span: what is going on would widen what it has to be judged by.
      const newer = trailing(longest + block, longest)
      const older = trailing(longest + 2 * block, longest + block)
      for (let place = firstValue; place < places; place += 1) {
        for (const quantity of quantities) {
          if (dueBlock) learnDispersion(newer, older, place, quantity)
          if (dueSpan)
            for (const past of pasts(longest).slice(0, 2))
              learnSpread(trailing(longest, 0), past, place, quantity)
        }
      }
    },
    /** Nothing is learned from a span with a window in it that does not train. */
    interrupt(): void {
      unbroken = 0
    },
    clear(column: number): void {
      dispersions[column] = undefined
      spreads.rolling[column] = undefined
      spreads.time_of_day[column] = undefined
    },
    dispersion: dispersionOf,
    spread: (place: number, quantity: Quantity, baseline: Past['baseline']) =>
      spreads[baseline][columnOf(place, quantity)]?.variance(1) ?? prior ** 2
  }
}

/** What one counted thing counts for: 1, or the mean amount where money is summed. */
export function unitOf(sums: Float64Array, quantity: Quantity): number {
  if (quantity !== 'money') return 1
  const orders = sums[columnOf(whole, 'orders')] as number
  const unit = orders > 0 ? (sums[columnOf(whole, 'money')] as number) / orders : 0
  return unit > 0 ? unit : 1
}
