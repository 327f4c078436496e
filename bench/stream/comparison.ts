import { max, median, min } from 'simple-statistics'
import type { Sheet } from '../sheet.ts'
import type { Run } from './run.ts'

/** Runs of the bare loop and of cartwatch, pair by pair; of the latter none where it was left out. */
export interface Comparison {
  readonly name: string
  readonly pairs: readonly Pair[]
}

export interface Pair {
  readonly bare: Run
  readonly cartwatch: Run | undefined
}

interface Figure {
  readonly name: string
  readonly of: (run: Run) => number
  readonly digits: number
  /** Of two runs, how much better cartwatch's is. */
  readonly better: 'more' | 'less'
}

const figures: readonly Figure[] = [
  { name: 'events/s', of: run => run.eventsPerSecond, digits: 0, better: 'more' },
  { name: 'CPU µs/event from the first record on', of: run => run.cpuPerEvent, digits: 2, better: 'less' },
  { name: 'CPU s in all', of: run => run.cpuSeconds, digits: 2, better: 'less' },
  { name: 'peak memory, MB', of: run => run.peakBytes / 1e6, digits: 0, better: 'less' },
  { name: 'first record after, s', of: run => run.firstRecordMs / 1_000, digits: 2, better: 'less' }
]

/** Medians with their ranges. The ratio of each pair is how many times better cartwatch is than the bare loop. */
export function comparisonSheet(comparisons: readonly Comparison[]): Sheet {
  const head = ['', 'measured', 'bare loop', 'cartwatch', 'times as good']
  const rows = comparisons.flatMap(({ name, pairs }) =>
    figures.map(({ name: measured, of, digits, better }, index) => {
      const both = pairs.flatMap(({ bare, cartwatch }) => (cartwatch ? [{ bare, cartwatch }] : []))
      const ratios = both.map(({ bare, cartwatch }) =>
        better === 'more' ? of(cartwatch) / of(bare) : of(bare) / of(cartwatch)
      )
      return [
        index === 0 ? name : '',
        measured,
        medianOf(
          pairs.map(({ bare }) => of(bare)),
          digits
        ),
        medianOf(
          both.map(({ cartwatch }) => of(cartwatch)),
          digits
        ),
        medianOf(ratios, 2)
      ]
    })
  )
  return { head, rows }
}

/** Such as `248,000 (240,000–252,000)`. */
export function medianOf(numbers: readonly number[], digits: number): string {
  if (numbers.length === 0) return '–'
  const say = (number: number) =>
    number.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const all = [...numbers]
  return all.length === 1 ? say(all[0] as number) : `${say(median(all))} (${say(min(all))}–${say(max(all))})`
}
