import type { Anomaly, Band, Bands, JudgedWindow } from '../../detectors/types.ts'
import type { Chart } from '../incident/chart.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import type { SegmentValue } from '../metrics/types.ts'
import type { Segment } from '../window/segment.ts'

/** The windows in a message's sparkline. */
const keptWindows = 20
/** The windows in a chart: three hours of one-minute windows. */
const chartWindows = 180
/** Rows of segments that are kept for charts: of few segments for all of its windows, of many for fewer. */
const chartRows = 20_000

export type RecentValues = ReturnType<typeof createRecentValues>

type Series = Pick<Anomaly, 'metric' | 'segment' | 'additive'>

interface Kept extends Pick<JudgedWindow, 'start' | 'end' | 'values'> {
  segments: readonly SegmentValue[]
  bands: Bands
}

/** What the metrics were over the last windows. */
export function createRecentValues() {
  const windows: Kept[] = []
  let rows = 0

  /** Beyond what is to be kept of segments, their bands are forgotten first, and rows that no sparkline shows. */
  function forgetSegments(): void {
    let left = rows - chartRows
    for (const [at, one] of windows.entries()) {
      if (left <= 0) return
      left -= one.segments.length
      one.bands = ofWholeShop(one.bands)
      if (at >= windows.length - keptWindows) continue
      rows -= one.segments.length
      one.segments = []
    }
  }

  return {
    push({ start, end, values, segments, bands = new Map() }: JudgedWindow): void {
      windows.push({ start, end, values, segments, bands })
      rows += segments.length
      if (windows.length > chartWindows) rows -= windows.shift()?.segments.length ?? 0
      forgetSegments()
    },
    clear(): void {
      windows.splice(0)
      rows = 0
    },
    /**
     * Of a finding's metric and segment, oldest first; null where a window has no value, and nothing where no window has
     * one. A segment without a row in a window where others have one has 0 of what adds up, and no share of anything.
     */
    values: (series: Series): readonly (number | null)[] =>
      unlessUnknown(windows.slice(-keptWindows).map(one => valueIn(one, series))),
    /** The same over the last hours, from the first window with a value on, with what was expected; null of fewer than two. */
    chart(series: Series): Chart | null {
      const points = windows.map(one => {
        const { expected = null, lower = null, upper = null } = bandOf(one, series) ?? {}
        return { start: one.start, value: valueIn(one, series), expected, lower, upper }
      })
      const known = points.slice(points.findIndex(({ value }) => value !== null))
      const [last] = windows.slice(-1)
      if (last === undefined || known.filter(({ value }) => value !== null).length < 2) return null
      return { windowMs: last.end - last.start, points: known }
    }
  }
}

function valueIn({ values, segments }: Kept, { metric, segment, additive }: Series): number | null {
  if (segment === 'all') return values.get(metric)?.value ?? null
  const rows = segments.filter(one => one.metric === metric)
  const row = rows.find(one => one.segment === segment)
  const isZeroWithout = additive || shares.has(metric)
  return row ? row.value : rows.length > 0 && isZeroWithout ? 0 : null
}

function bandOf({ bands }: Kept, { metric, segment }: Series): Band | undefined {
  const band = bands.get(metric)?.get(segment)
  return band?.state === 'judged' ? band : undefined
}

const wholeShop: Segment = 'all'

const ofWholeShop = (bands: Bands): Bands =>
  new Map(
    [...bands].flatMap(([metric, bySegment]) => {
      const band = bySegment.get(wholeShop)
      return band ? [[metric, new Map([[wholeShop, band]])]] : []
    })
  )

const shares: ReadonlySet<string> = new Set(
  shopMetrics.filter(({ kind }) => kind === 'segment_share').map(({ name }) => name)
)

const unlessUnknown = (values: readonly (number | null)[]): readonly (number | null)[] =>
  values.some(value => value !== null) ? values : []
