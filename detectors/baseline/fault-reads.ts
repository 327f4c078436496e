import { countedFaults, type PricedType, pricedTypes } from '../../src/metrics/measures.ts'
import type { WindowMetrics } from '../../src/metrics/types.ts'
import type { Reading } from './comparison.ts'
import { eventsOfType, type RowIndex } from './row-index.ts'

type ReadWindow = (window: WindowMetrics) => Reading | undefined

/** How faults are read off a window: of events of one type, of all that need a price, and what is beside those. */
export function createFaultReads(rows: RowIndex) {
  function ofType(metric: string, type: PricedType): ReadWindow {
    const faultyOf = rows(metric, `event_type=${type}`)
    const eventsOf = eventsOfType(rows, type)
    return window => {
      const exposure = window.complete ? eventsOf(window) : undefined
      if (exposure === undefined) return undefined
      const { numerator: count = 0, squares = 0 } = faultyOf(window) ?? {}
      return { count, exposure, squares }
    }
  }

  const counts = pricedTypes.flatMap(type =>
    countedFaults.map(fault => rows(`${fault}_rate`, `event_type=${type}`))
  )
  return {
    ofType,
    /** Of all types. A window without rows was stored by an older version, or long ago: it has the share of the shop. */
    ofAll(metric: string): ReadWindow {
      const reads = pricedTypes.map(type => ofType(metric, type))
      return window => {
        const seen = reads.flatMap(read => read(window) ?? [])
        const { numerator: count = 0, denominator: exposure = 0 } = window.values.get(metric) ?? {}
        if (seen.length === 0)
          return window.complete && exposure > 0 ? { count, exposure, squares: count } : undefined
        const sum = (of: (reading: Reading) => number) => seen.reduce((total, one) => total + of(one), 0)
        return {
          count: sum(one => one.count),
          exposure: sum(one => one.exposure),
          squares: sum(one => one.squares ?? 0)
        }
      }
    },
    /** Events with any fault, less those whose fault has a row of its own. */
    others(window: WindowMetrics): Reading | undefined {
      const invalid = window.complete ? window.values.get('invalid_rate') : undefined
      if (!invalid) return undefined
      const named = counts.reduce((sum, of) => sum + (of(window)?.numerator ?? 0), 0)
      return { count: Math.max(0, invalid.numerator - named), exposure: invalid.denominator }
    }
  }
}
