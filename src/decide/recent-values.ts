import type { Anomaly } from '../../detectors/types.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import type { WindowMetrics } from '../metrics/types.ts'

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
    /**
     * Of a finding's metric and segment, oldest first; null where a window has no value, and nothing where no window has
     * one. A segment without a row in a window where others have one has 0 of what adds up, and no share of anything.
     */
    values({
      metric,
      segment,
      additive
    }: Pick<Anomaly, 'metric' | 'segment' | 'additive'>): readonly (number | null)[] {
      if (segment === 'all') return unlessUnknown(windows.map(one => one.values.get(metric)?.value ?? null))
      const isZeroWithout = additive || shares.has(metric)
      return unlessUnknown(
        windows.map(({ segments }) => {
          const rows = segments.filter(one => one.metric === metric)
          const row = rows.find(one => one.segment === segment)
          return row ? row.value : rows.length > 0 && isZeroWithout ? 0 : null
        })
      )
    }
  }
}

const shares: ReadonlySet<string> = new Set(
  shopMetrics.filter(({ kind }) => kind === 'segment_share').map(({ name }) => name)
)

const unlessUnknown = (values: readonly (number | null)[]): readonly (number | null)[] =>
  values.some(value => value !== null) ? values : []
