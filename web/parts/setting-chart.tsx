import { useMemo } from 'preact/hooks'
import type { SeriesPage } from '../../src/web/api/series.ts'
import type { TuneSetting } from '../../src/web/api/tune.ts'
import { useResource } from '../api/resource.ts'
import { Chart } from '../chart/chart.tsx'
import { pointsOf, spanOf } from '../chart/series.ts'
import { counted, words } from '../format/words.ts'
import { Marked } from './marked.tsx'
import { Empty, Loaded } from './notes.tsx'
import type { TriedProps } from './tried-settings.tsx'

interface SettingChartProps extends TriedProps {
  readonly setting: TuneSetting
}

/** The metric over the time that was tried, with the incidents that would have opened. */
export function SettingChart({ trial, chosen, setting }: SettingChartProps) {
  const asked = new URLSearchParams({ metric: chosen.metric, from: trial.from, to: trial.to })
  const series = useResource<SeriesPage>(`/api/series?${asked}`)
  return (
    <section aria-labelledby="would-open">
      <h2 id="would-open">{counted(setting.incidents, 'incident')} would have opened</h2>
      <Loaded resource={series} what="the windows">
        {page => <Drawn {...{ page, setting }} />}
      </Loaded>
    </section>
  )
}

interface DrawnProps {
  readonly page: SeriesPage
  readonly setting: TuneSetting
}

function Drawn({ page, setting }: DrawnProps) {
  const points = useMemo(() => pointsOf(page), [page])
  const span = spanOf(page, [page])
  const marks = useMemo(
    () =>
      setting.opened.map(({ opened_at: from, resolved_at: to, severity, label }) => ({
        kind: 'incident' as const,
        label: label === null ? severity : `${severity}, labelled ${label}`,
        from: Date.parse(from),
        to: to === null ? span[1] : Date.parse(to)
      })),
    [setting, page]
  )
  const { metric, unit, currency } = page
  if (points.every(({ value }) => value === null))
    return (
      <Empty>No window of this time has a value of {words(metric).toLowerCase()} of the whole shop.</Empty>
    )
  return (
    <>
      <Chart height={240} label={words(metric)} {...{ points, unit, currency, span, marks }} />
      <Marked marks={marks} />
    </>
  )
}
