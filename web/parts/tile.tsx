import { Link } from 'wouter-preact'
import type { NowAnswer } from '../../src/web/api/now.ts'
import { Chart } from '../chart/chart.tsx'
import { pointsOf, spanOf } from '../chart/series.ts'
import { formatOf } from '../format/amount.ts'

type TileAnswer = NowAnswer['tiles'][number]

const names: Readonly<Record<TileAnswer['name'], string>> = {
  revenue: 'Revenue',
  orders: 'Orders',
  traffic: 'Traffic',
  conversion: 'Conversion',
  abandonment: 'Abandoned carts',
  data_quality: 'Invalid events'
}

/** On a wall screen it is read from afar. */
const chartHeight = innerWidth > 1_600 ? 170 : 120

interface TileProps {
  readonly tile: TileAnswer
  /** Of the worst open incident that is about it. */
  readonly severity: string | undefined
}

/** A number of the shop over its last hour against what is usual, and its last hours in their band. */
export function Tile({ tile, severity }: TileProps) {
  const { name, series, last_hour: lastHour } = tile
  const { unit, currency, metric, segment } = series
  const format = formatOf(unit, currency)
  const { value, expected } = lastHour
  return (
    <article class={`tile ${severity ?? ''}`}>
      <h3>
        <Link href={`/explore?metric=${metric}&segment=${encodeURIComponent(segment)}&last=24h`}>
          {names[name]}
        </Link>
      </h3>
      <p class="figure">
        <b>{format.full(value)}</b> last hour
        {expected !== null && (
          <span class="quiet">
            , usually {format.full(expected)}
            {changeText(value, expected, unit)}
          </span>
        )}
      </p>
      <Chart
        label={names[name]}
        points={pointsOf(series)}
        span={spanOf(series, [series])}
        height={chartHeight}
        group="now"
        {...{ unit, currency }}
      />
    </article>
  )
}

function changeText(value: number | null, expected: number, unit: string): string {
  if (value === null || expected === 0) return ''
  const change = unit === 'share' ? value - expected : value / expected - 1
  const percent = Math.round(Math.abs(change) * 100)
  if (percent === 0) return ''
  return ` (${change < 0 ? '−' : '+'}${percent}${unit === 'share' ? ' points' : ' %'})`
}
