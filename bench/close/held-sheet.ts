import { max, mean, median, quantile } from 'simple-statistics'
import type { Sheet } from '../sheet.ts'
import type { Held } from './held.ts'

const steps: readonly (readonly [step: string, of: (held: Held) => number])[] = [
  ['closed', held => held.close],
  ['evaluated', held => held.evaluate],
  ['judged and queued', held => held.decide],
  ['all of it', held => held.close + held.evaluate + held.decide],
  ['behind that: rows for the store', held => held.rows]
]

/** Milliseconds by step, of all windows. Where the system counts processor time in ticks, of 4 ms as a rule, only the mean is exact. */
export function heldSheet(held: readonly Held[]): Sheet {
  const series = median(held.map(one => one.series))
  const found = held.filter(({ findings }) => findings > 0).length
  return {
    head: [
      `${held.length} windows of ${series.toLocaleString('en')} series, ${found} with findings`,
      'mean, ms',
      'median, ms',
      '95th percentile, ms',
      'most, ms'
    ],
    rows: steps.map(([step, of]) => {
      const times = held.map(of)
      return [
        step,
        ...[mean(times), median(times), quantile(times, 0.95), max(times)].map(ms => ms.toFixed(1))
      ]
    })
  }
}
