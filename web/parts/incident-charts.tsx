import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { IncidentPage } from '../../src/web/api/incidents.ts'
import type { Mark, SeriesAnswer } from '../../src/web/api/series.ts'
import { Chart } from '../chart/chart.tsx'
import { type ChartMark, hasBand, rangeOf } from '../chart/points.ts'
import { pointsOf, spanOf } from '../chart/series.ts'
import { formatOf } from '../format/amount.ts'
import { segmentText, words } from '../format/words.ts'
import { Legend } from './legend.tsx'
import { Marked } from './marked.tsx'
import { Empty } from './notes.tsx'

interface ChartsProps {
  readonly incident: IncidentPage
  readonly marks: readonly ChartMark[]
}

/** The metric of an incident, its symptoms under it on the same time axis, and where it is. */
export function IncidentCharts({ incident, marks }: ChartsProps) {
  const { series, symptoms, anomalies_found: found, segments } = incident
  return (
    <>
      {series === null ? (
        <Empty command={`npx cartwatch explain ${incident.id.slice(0, 8)}`}>
          It is about no number of the shop, so there is no chart. What was decided and why:
        </Empty>
      ) : (
        <section>
          <Heading series={series} level="h2" />
          <SeriesChart height={230} {...{ series, found, marks, incident }} />
          <Legend hasBand={hasBand(pointsOf(series))} />
          <Marked marks={marks} />
        </section>
      )}
      {symptoms.length > 0 && (
        <section aria-labelledby="symptoms">
          <h2 id="symptoms">What else it shows in</h2>
          {symptoms.map(({ alert, kind, series: symptom }) => (
            <div key={alert}>
              <Heading series={symptom} level="h3" kind={kind} />
              <SeriesChart height={130} series={symptom} {...{ found, marks, incident }} />
            </div>
          ))}
        </section>
      )}
      {segments.length > 0 && <Segments {...{ segments, incident, marks }} />}
    </>
  )
}

function Segments({ segments, incident, marks }: ChartsProps & Pick<IncidentPage, 'segments'>) {
  const all = segments.flatMap(({ series }) => (series === null ? [] : [pointsOf(series)]))
  const greatest = Math.max(...all.map(points => rangeOf(points, true)[1]))
  return (
    <section aria-labelledby="where">
      <h2 id="where">Where</h2>
      <ol class="segments">
        {segments.map(({ segment, share, value, expected, series }) => {
          const format = formatOf(series?.unit ?? incident.unit, series?.currency ?? incident.currency)
          return (
            <li key={segment}>
              <h3>{segmentText(segment)}</h3>
              <p>
                {share !== null && <b>{Math.round(share * 100)} % of the change</b>}
                {value !== null && expected !== null && (
                  <span>
                    {' '}
                    {format.full(value)} instead of {format.full(expected)}
                  </span>
                )}
              </p>
              {series !== null && (
                <SeriesChart
                  height={100}
                  found={[]}
                  series={series}
                  greatest={greatest}
                  {...{ marks, incident }}
                />
              )}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

interface SeriesChartProps extends ChartsProps {
  readonly series: SeriesAnswer
  readonly found: readonly Mark[]
  readonly height: number
  readonly greatest?: number
}

function SeriesChart({ series, found, incident, ...rest }: SeriesChartProps) {
  const points = useMemo(() => pointsOf(series, found), [series, found])
  const { unit, currency } = series
  return (
    <Chart
      label={labelOf(series)}
      points={points}
      span={spanOf(incident, shownIn(incident))}
      group={incident.id}
      {...{ unit, currency }}
      {...rest}
    />
  )
}

const shownIn = ({ series, symptoms, segments }: IncidentPage): readonly SeriesAnswer[] =>
  [series, ...symptoms.map(one => one.series), ...segments.map(one => one.series)].filter(one => one !== null)

const labelOf = ({ metric, segment }: SeriesAnswer) =>
  segment === 'all' ? words(metric) : `${words(metric)} of ${segmentText(segment)}`

/** The name of a series, which leads to Explore. */
function Heading({
  series,
  kind,
  level: Level
}: {
  readonly series: SeriesAnswer
  readonly kind?: string
  readonly level: 'h2' | 'h3'
}) {
  const { metric, segment, from, to } = series
  const query = new URLSearchParams({ metric, segment, from, to })
  return (
    <Level>
      <Link href={`/explore?${query}`}>{labelOf(series)}</Link>
      {kind !== undefined && <span class="quiet"> {words(kind).toLowerCase()}</span>}
    </Level>
  )
}
