import type { WindowMetrics } from '../metrics/types.ts'

/** A message shows so many windows in its picture. */
const keptWindows = 20

/** The whole shop's metrics over the last windows. Those of segments are too many to be kept. */
export interface Recent {
  push(window: WindowMetrics): void
  clear(): void
  values(metric: string, segment: string): readonly (number | null)[]
}

export function createRecent(): Recent {
  const windows: WindowMetrics['values'][] = []
  return {
    push({ values }) {
      windows.push(values)
      if (windows.length > keptWindows) windows.shift()
    },
    clear: () => void windows.splice(0),
    values(metric, segment) {
      if (segment !== 'all') return []
      const values = windows.map(window => window.get(metric)?.value ?? null)
      return values.some(value => value !== null) ? values : []
    }
  }
}
