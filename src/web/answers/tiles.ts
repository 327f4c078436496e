import type { StoredIncident } from '../../incident/types.ts'
import type { SeriesStep } from '../../store/tables/series.ts'
import { hourMs } from '../../time/units.ts'
import type { NowAnswer, tileNames } from '../api/now.ts'
import type { SeriesAnswer } from '../api/series.ts'

interface TileOf {
  readonly metric: string
  /** Kinds that say something of it on other metrics. */
  readonly kinds?: readonly string[]
}

export const tilesOf: Readonly<Record<(typeof tileNames)[number], TileOf>> = {
  revenue: { metric: 'revenue' },
  orders: { metric: 'orders' },
  traffic: { metric: 'events' },
  conversion: { metric: 'conversion_rate' },
  abandonment: { metric: 'cart_abandonment_rate' },
  data_quality: { metric: 'invalid_rate', kinds: ['data_quality', 'schema_drift'] }
}

type Tile = NowAnswer['tiles'][number]

export interface TileParts {
  readonly name: Tile['name']
  /** A step each window, up to the newest one. */
  readonly series: SeriesAnswer
  readonly steps: readonly SeriesStep[]
  readonly open: readonly StoredIncident[]
}

/** A metric as it is: its newest window, its last hour, and who is told of it. */
export function tileOf({ name, series, steps, open }: TileParts): Tile {
  const { metric, kinds = [] } = tilesOf[name]
  return {
    name,
    latest: latestOf(series),
    last_hour: lastHourOf(series, steps),
    incidents: open
      .filter(({ alerts }) =>
        alerts.some(alert => alert.lastAnomaly.metric === metric || kinds.includes(alert.kind))
      )
      .map(({ id }) => id),
    series
  }
}

function latestOf({
  at,
  value,
  expected,
  lower,
  upper,
  band,
  complete,
  window_ms
}: SeriesAnswer): Tile['latest'] {
  const index = complete.findLastIndex(one => one !== null)
  const start = at[index]
  if (start === undefined) return null
  return {
    window_start: new Date(start).toISOString(),
    window_end: new Date(start + window_ms).toISOString(),
    value: value[index] ?? null,
    expected: expected?.[index] ?? null,
    lower: lower?.[index] ?? null,
    upper: upper?.[index] ?? null,
    band: band?.[index] ?? null,
    complete: complete[index] === true
  }
}

/** The sum of what adds up, else of all events together; what is usual only where each window says it. */
function lastHourOf(series: SeriesAnswer, steps: readonly SeriesStep[]): Tile['last_hour'] {
  const fromMs = Date.parse(series.to) - hourMs
  const within = steps.filter(({ start }) => start >= fromMs)
  const numerator = sum(within.map(step => step.numerator))
  const denominator = sum(within.map(step => step.denominator))
  const value = within.length === 0 ? null : series.additive ? numerator : ratio(numerator, denominator)
  const usual = within.map(step => series.expected?.[series.at.indexOf(step.start)] ?? null)
  const known = usual.filter(one => one !== null)
  if (known.length === 0 || known.length < usual.length) return { value, expected: null }
  if (series.additive) return { value, expected: sum(known) }
  return {
    value,
    expected: ratio(sum(known.map((one, at) => one * (within[at]?.denominator ?? 0))), denominator)
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
const ratio = (numerator: number, denominator: number): number | null =>
  denominator === 0 ? null : numerator / denominator
