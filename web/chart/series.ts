import type { Mark, SeriesAnswer } from '../../src/web/api/series.ts'
import type { ChartPoint } from './points.ts'

/** A series as points, with the anomalies of its metric and segment at the windows that they end with. */
export function pointsOf(series: SeriesAnswer, marks: readonly Mark[] = []): readonly ChartPoint[] {
  const { at, value, expected, lower, upper, min, max, step_ms: stepMs, metric, segment } = series
  const found = new Map(
    marks
      .filter(mark => mark.metric === metric && mark.segment === segment)
      .map(mark => [stepOf(series, Date.parse(mark.window_end) - 1), directionOf(mark)])
  )
  return at.map((start, index) => ({
    at: start + stepMs / 2,
    value: value[index] ?? null,
    expected: expected?.[index] ?? null,
    lower: lower?.[index] ?? null,
    upper: upper?.[index] ?? null,
    ...(min && max && { least: min[index] ?? null, greatest: max[index] ?? null }),
    anomaly: found.get(start) ?? null
  }))
}

const directionOf = ({ value, expected }: Mark): ChartPoint['anomaly'] =>
  (value ?? 0) < (expected ?? 0) ? 'drop' : 'rise'

/** The beginning of the step that a time falls into. */
function stepOf({ at, step_ms: stepMs }: SeriesAnswer, ms: number): number | undefined {
  const first = at[0]
  return first === undefined ? undefined : first + Math.floor((ms - first) / stepMs) * stepMs
}

/** What a time axis spans, without what lies before the first value of these series. */
export function spanOf(
  { from, to }: { readonly from: string; readonly to: string },
  series: readonly SeriesAnswer[]
): [number, number] {
  const firsts = series.map(
    ({ at, value }) => at[value.findIndex(one => one !== null)] ?? Number.POSITIVE_INFINITY
  )
  const first = Math.min(...firsts)
  const end = Date.parse(to)
  return [first < end ? Math.max(Date.parse(from), first) : Date.parse(from), end]
}
