import type { PricedType } from '../../src/metrics/measures.ts'
import type { MetricValue, WindowMetrics } from '../../src/metrics/types.ts'
import type { Segment } from '../../src/window/segment.ts'

export type RowIndex = ReturnType<typeof createRowIndex>

/** A window's rows of types. Its segments are many: they are gone through once. */
export function createRowIndex() {
  let newest: WindowMetrics | undefined
  const index = new Map<string, MetricValue>()
  const keyOf = (metric: string, segment: Segment) => `${metric} ${segment}`
  return function rowOf(
    metric: string,
    segment: Segment
  ): (window: WindowMetrics) => MetricValue | undefined {
    const key = keyOf(metric, segment)
    return window => {
      if (window !== newest) {
        newest = window
        index.clear()
        for (const row of window.segments) {
          if (row.dimension === 'event_type') index.set(keyOf(row.metric, row.segment), row)
        }
      }
      return index.get(key)
    }
  }
}

/** How many events of a type there were: of this fault, the row is there wherever one came. */
export const eventsOfType = (rows: RowIndex, type: PricedType): ReadEvents => {
  const row = rows('missing_price_rate', `event_type=${type}`)
  return window => row(window)?.denominator
}

type ReadEvents = (window: WindowMetrics) => number | undefined
