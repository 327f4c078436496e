import type { Mark } from '../../src/web/api/series.ts'
import { momentText } from '../format/time.ts'
import { Severity } from './severity.tsx'

const mostShown = 50

/** The anomalies that a chart marks, in words: the newest first. */
export function FoundList({ anomalies }: { readonly anomalies: readonly Mark[] }) {
  const newest = anomalies.toReversed().slice(0, mostShown)
  if (newest.length === 0) return <p class="quiet">No anomaly was found of it in this time.</p>
  return (
    <section aria-labelledby="found">
      <h2 id="found">Anomalies</h2>
      <ol class="found">
        {newest.map(({ id, severity, window_end: end, details }) => (
          <li key={id}>
            <time dateTime={end}>{momentText(Date.parse(end))}</time>
            <Severity of={severity} />
            <span>{details}</span>
          </li>
        ))}
      </ol>
      {anomalies.length > mostShown && (
        <p class="quiet">
          The newest {mostShown} of {anomalies.length}.
        </p>
      )}
    </section>
  )
}
