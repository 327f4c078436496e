import { emptyCounts, type StreamCounts, sumOfCounts } from './stream-counts.ts'

const enoughRecords = 1_000
/** Where purchases are rare, a stretch is longer. */
const enoughPurchases = 50
const maxRecords = 50_000

export type Stretches = ReturnType<typeof createStretches>

/** The counts of a stream, in stretches: the newest two are what is recent. */
export function createStretches() {
  let older = emptyCounts()
  let previous = emptyCounts()
  let current = emptyCounts()
  let isFirst = true

  return {
    current: (): StreamCounts => current,
    isFirst: (): boolean => isFirst,
    /** Begins a new stretch where the current one is long enough, and says so. */
    begin(): boolean {
      const { records, purchases } = current
      if (records < enoughRecords || (purchases < enoughPurchases && records < maxRecords)) return false
      older = sumOfCounts(older, previous)
      previous = current
      current = emptyCounts()
      isFirst = false
      return true
    },
    counts(of: 'recent' | 'all'): StreamCounts {
      const recent = sumOfCounts(previous, current)
      return of === 'recent' ? recent : sumOfCounts(older, recent)
    }
  }
}
