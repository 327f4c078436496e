import type { MetricsAnswer } from '../../src/web/api/metrics.ts'
import { segmentText, words } from '../format/words.ts'

const lasts = [
  ['3', 'last 3 hours'],
  ['8', 'last 8 hours'],
  ['24', 'last day'],
  ['168', 'last 7 days'],
  ['672', 'last 28 days'],
  ['2160', 'last 90 days']
] as const

interface Chosen {
  readonly metric: string
  readonly segment: string
  readonly last: string
  readonly compare: string
}

interface ExploreChoicesProps {
  readonly metrics: MetricsAnswer
  readonly shown: Chosen
  readonly show: (changed: Partial<Chosen> & { readonly from?: string; readonly to?: string }) => void
}

export function ExploreChoices({ metrics, shown, show }: ExploreChoicesProps) {
  const chosen = metrics.metrics.find(({ name }) => name === shown.metric)
  const segments = segmentsOf(metrics, chosen)
  const isKnown = segments.includes(shown.segment)
  return (
    <form class="choices" onSubmit={event => event.preventDefault()}>
      <label>
        Metric
        <select
          value={shown.metric}
          onChange={event => {
            const metric = event.currentTarget.value
            const [first = 'all'] = segmentsOf(
              metrics,
              metrics.metrics.find(({ name }) => name === metric)
            )
            show({ metric, segment: first })
          }}
        >
          {metrics.metrics.map(({ name }) => (
            <option key={name} value={name}>
              {words(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Segment
        <select value={shown.segment} onChange={event => show({ segment: event.currentTarget.value })}>
          {!isKnown && <option value={shown.segment}>{segmentText(shown.segment)}</option>}
          {segments.map(segment => (
            <option key={segment} value={segment}>
              {segmentText(segment)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Time
        <select
          value={shown.last}
          onChange={event => show({ last: event.currentTarget.value, from: '', to: '' })}
        >
          {lasts.every(([value]) => value !== shown.last) && <option value={shown.last}>as marked</option>}
          {lasts.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={shown.compare !== ''}
          onChange={event => show({ compare: event.currentTarget.checked ? '-7d' : '' })}
        />
        Compare with a week before
      </label>
      {chosen !== undefined && <p class="quiet">{words(chosen.description)}</p>}
    </form>
  )
}

function segmentsOf(metrics: MetricsAnswer, chosen: MetricsAnswer['metrics'][number] | undefined): string[] {
  const names = new Set(chosen?.dimensions)
  const ofDimensions = metrics.dimensions.filter(({ name }) => names.has(name)).flatMap(one => one.segments)
  return chosen?.whole_shop === false ? ofDimensions : ['all', ...ofDimensions]
}
