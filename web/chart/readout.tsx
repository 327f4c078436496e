import type { Format } from '../format/amount.ts'
import { momentText, timeText } from '../format/time.ts'
import { type ChartPoint, isAnomalous } from './points.ts'

interface ReadoutProps {
  readonly points: readonly ChartPoint[]
  readonly compared?: readonly (number | null)[]
  readonly pointed: number | null
  readonly format: Format
}

const dayMs = 86_400_000

/** The window at the pointer, in words; the newest one while nothing is pointed at. */
export function Readout({ points, compared, pointed, format }: ReadoutProps) {
  const index = pointed ?? points.findLastIndex(({ value }) => value !== null)
  const point = points[index]
  if (point === undefined) return <figcaption class="readout">&nbsp;</figcaption>
  const { at, value, expected } = point
  const before = compared?.[index]
  const length = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0)
  return (
    <figcaption class="readout" aria-hidden="true">
      <span>{length < dayMs ? timeText(at) : momentText(at)}</span>{' '}
      <b>{value === null ? 'no value' : format.full(value)}</b>
      {expected !== null && <span>, expected {format.full(expected)}</span>}
      <span>{edgesText(point, format)}</span>
      {before !== null && before !== undefined && <span>, before {format.full(before)}</span>}
      {isAnomalous(point) && <span class="anomalous">, anomalous</span>}
    </figcaption>
  )
}

function edgesText({ lower, upper }: ChartPoint, { full }: Format): string {
  if (lower !== null && upper !== null) return `, usual ${full(lower)} to ${full(upper)}`
  if (lower !== null) return `, usual from ${full(lower)}`
  return upper === null ? '' : `, usual up to ${full(upper)}`
}
