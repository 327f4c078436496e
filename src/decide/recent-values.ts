import type { WindowMetrics } from '../metrics/types.ts'
import type { Segment } from '../window/segment.ts'

/** The windows in a message's sparkline. */
const keptWindows = 20

export type RecentValues = ReturnType<typeof createRecentValues>

/** What the metrics were over the last windows. */
export function createRecentValues() {
  const windows: Pick<WindowMetrics, 'values' | 'segments'>[] = []
  return {
    push({ values, segments }: WindowMetrics): void {
      windows.push({ values, segments })
      if (windows.length > keptWindows) windows.shift()
    },
    clear: (): void => void windows.splice(0),
    /** Oldest first, null where a window has none; empty where no window has one. */
    values(metric: string, segment: Segment): readonly (number | null)[] {
      const found = windows.map(({ values, segments }) => {
        if (segment === 'all') return values.get(metric)?.value ?? null
        return segments.find(one => one.segment === segment && one.metric === metric)?.value ?? null
      })
      return found.some(value => value !== null) ? found : []
    }
  }
}
