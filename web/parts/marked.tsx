import type { ChartMark } from '../chart/points.ts'
import { momentText, spanText } from '../format/time.ts'

/** The dashed lines of the charts, in words. */
export function Marked({ marks }: { readonly marks: readonly ChartMark[] }) {
  if (marks.length === 0) return null
  return (
    <ul class="marked" aria-label="Marked in the charts">
      {marks.map(({ from, to, label }) => (
        <li key={`${from} ${label}`}>
          <span aria-hidden="true">┆</span> {to > from ? spanText(from, to) : momentText(from)}: {label}
        </li>
      ))}
    </ul>
  )
}
