import { dayMs } from '../../src/time/units.ts'

const binMs = 1_800_000
const binsPerDay = dayMs / binMs
/** What a day still counts for a day later: some five days are remembered. */
const keptPerDay = 0.8

/**
 * Rows of the same time of day, added up over the past days, older ones for less. Windows are added long after they
 * were judged: a bin holds none of the day that it is compared with.
 */
export function createDaily(columns: number) {
  const bins = Array.from({ length: binsPerDay }, () => ({ sums: new Float64Array(columns), day: 0 }))
  const binAt = (bin: number) => bins[((bin % binsPerDay) + binsPerDay) % binsPerDay] as (typeof bins)[number]

  return {
    /** `localMs`: an instant plus its offset. */
    add(localMs: number, row: Float64Array): void {
      const bin = binAt(Math.floor(localMs / binMs))
      const day = Math.floor(localMs / dayMs)
      const kept = keptPerDay ** Math.max(0, day - bin.day)
      for (let column = 0; column < columns; column += 1) {
        const before = bin.sums[column] as number
        bin.sums[column] = (kept === 1 ? before : before * kept) + (row[column] as number)
      }
      bin.day = Math.max(day, bin.day)
    },
    /** The sums of a time of day and of those beside it: what happens every day may come early or late. */
    around(localMs: number): readonly Float64Array[] {
      const bin = Math.floor(localMs / binMs)
      return [bin, bin - 1, bin + 1].map(at => binAt(at).sums)
    },
    clear(column: number): void {
      for (const { sums } of bins) sums[column] = 0
    }
  }
}
