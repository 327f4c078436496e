import { useMemo } from 'preact/hooks'
import { useLocation, useSearch } from 'wouter-preact'
import type { MetricsAnswer } from '../../src/web/api/metrics.ts'
import type { SeriesPage } from '../../src/web/api/series.ts'
import { windowChanges } from '../api/live.ts'
import { useResource } from '../api/resource.ts'
import { Chart } from '../chart/chart.tsx'
import { hasBand } from '../chart/points.ts'
import { pointsOf, spanOf } from '../chart/series.ts'
import { durationText } from '../format/time.ts'
import { segmentText, words } from '../format/words.ts'
import { ExploreChoices } from '../parts/explore-choices.tsx'
import { FoundList } from '../parts/found-list.tsx'
import { Legend } from '../parts/legend.tsx'
import { Marked } from '../parts/marked.tsx'
import { Empty, Loaded } from '../parts/notes.tsx'
import { useTitle } from '../title.ts'

/** What is drawn, as the address of the page has it: so a link shows the same again. */
export interface Shown {
  readonly metric: string
  readonly segment: string
  /** Hours before the newest window, such as 24; empty where `from` and `to` say. */
  readonly last: string
  readonly from: string
  readonly to: string
  readonly compare: string
}

/** Any metric of any segment over any time up to 90 days. */
export function Explore() {
  useTitle('Explore')
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const metrics = useResource<MetricsAnswer>('/api/metrics')
  const given = (name: string, without: string) => search.get(name) || without
  const from = given('from', '')
  const shown: Shown = {
    metric: given('metric', 'revenue'),
    segment: given('segment', 'all'),
    last: from === '' ? given('last', '24') : '',
    from,
    to: given('to', ''),
    compare: given('compare', '')
  }
  const show = (changed: Partial<Shown>) => navigate(`/explore?${queryOf({ ...shown, ...changed })}`)
  return (
    <>
      <h1>Explore</h1>
      <Loaded resource={metrics} what="what can be drawn">
        {answer => (
          <>
            <ExploreChoices metrics={answer} {...{ shown, show }} />
            {answer.last_window === null ? (
              <Empty command="npx cartwatch status">Nothing is stored yet. How far reading is:</Empty>
            ) : (
              <Drawn lastWindow={answer.last_window} {...{ shown, show }} />
            )}
          </>
        )}
      </Loaded>
    </>
  )
}

function queryOf(shown: Shown): URLSearchParams {
  return new URLSearchParams(Object.entries(shown).filter(([, value]) => value !== ''))
}

interface DrawnProps {
  readonly lastWindow: string
  readonly shown: Shown
  readonly show: (changed: Partial<Shown>) => void
}

function Drawn({ lastWindow, shown, show }: DrawnProps) {
  const { metric, segment, compare, last } = shown
  const asked = new URLSearchParams({ metric, segment, ...spanAsked(shown, lastWindow) })
  if (compare !== '') asked.set('compare', compare)
  const series = useResource<SeriesPage>(`/api/series?${asked}`, last === '' ? undefined : windowChanges)
  return (
    <Loaded resource={series} what="the windows">
      {page => <Series {...{ page, shown, show }} csv={`/api/series?${asked}&format=csv`} />}
    </Loaded>
  )
}

/** Up to the newest window, which the server knows best, or what the address says. */
function spanAsked({ last, from, to }: Shown, lastWindow: string): Record<string, string> {
  if (last === '') return { from, ...(to !== '' && { to }) }
  const hours = Number.parseFloat(last) || 24
  return { from: new Date(Date.parse(lastWindow) - hours * 3_600_000).toISOString() }
}

interface SeriesProps extends Pick<DrawnProps, 'shown' | 'show'> {
  readonly page: SeriesPage
  readonly csv: string
}

function Series({ page, shown, show, csv }: SeriesProps) {
  const { metric, segment, unit, currency, step_ms: stepMs, window_ms: windowMs, compare, incidents } = page
  const points = useMemo(() => pointsOf(page, page.anomalies), [page])
  const span = spanOf(page, [page])
  const label = segment === 'all' ? words(metric) : `${words(metric)} of ${segmentText(segment)}`
  const marks = incidents.map(({ title, from, to }) => ({
    kind: 'incident' as const,
    label: title,
    from: Date.parse(from),
    to: to === null ? span[1] : Date.parse(to)
  }))
  const fixed = queryOf({ ...shown, last: '', from: page.from, to: page.to })
  const isEmpty = points.every(({ value }) => value === null)
  return (
    <>
      <section aria-labelledby="drawn">
        <h2 id="drawn">{label}</h2>
        {isEmpty && (
          <Empty
            command={`npx cartwatch query "SELECT * FROM realtime.windows WHERE metric = '${metric}' LIMIT 5"`}
          >
            No window of this time has a value. What is stored of it:
          </Empty>
        )}
        <Chart
          height={340}
          onSpan={(from, to) =>
            show({ last: '', from: new Date(from).toISOString(), to: new Date(to).toISOString() })
          }
          {...{ label, points, unit, currency, span, marks }}
          {...(compare && { compared: compare.value })}
        />
        <Legend hasBand={hasBand(points)}>
          {compare !== null && (
            <>
              {' '}
              <span class="key other" /> {durationText(compare.offset_ms)} before
            </>
          )}
          {stepMs > windowMs && ` · a point is ${durationText(stepMs)}, its range shaded`}
        </Legend>
        <p class="links">
          <a href={`/explore?${fixed}`}>Link to this view</a> <a href={csv}>CSV</a>{' '}
          <span class="quiet">Drag over the chart to see a part of it.</span>
        </p>
        <Marked marks={marks} />
      </section>
      <FoundList anomalies={page.anomalies} />
    </>
  )
}
