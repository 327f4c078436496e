import { type Severity, severities } from '../../detectors/types.ts'
import type { StoredIncident } from '../incident/types.ts'
import type { SegmentTotal, SpanTotal, Store } from '../store/types.ts'
import { type DayFigures, type Period, periodOf, shareOf, weeksBefore } from './figures.ts'
import type { Schedule } from './schedule.ts'

/** Incidents of a day at one severity. */
interface IncidentCount {
  readonly severity: Severity
  readonly count: number
  /** What they cost, in money; null where none of them counts it. */
  readonly loss: number | null
}

/** What a daily report says, before it is written. */
export interface DailyFigures {
  /** The day it is about, counted from 1970-01-01; the day is [fromMs, toMs). */
  readonly day: number
  readonly fromMs: number
  readonly toMs: number
  /** Of that day, what is stored; less than its length where windows are missing. */
  readonly coveredMs: number
  /** Yesterday, 7 and 30 days. */
  readonly periods: readonly [Period, Period, Period]
  /** Of that day, and of the seven days up to it. */
  readonly conversion: Rate
  readonly abandonment: Rate
  /** The categories with the most revenue. */
  readonly categories: readonly SegmentTotal[]
  /** Those that opened on that day, the most severe first. */
  readonly incidents: readonly IncidentCount[]
  /** All that are open now, the most severe first. */
  readonly open: readonly StoredIncident[]
}

export interface Rate {
  readonly day: number | null
  readonly week: number | null
}

export type DailyStore = Pick<Store, 'totals' | 'segmentTotals' | 'findIncidents'>

const longestDays = 30
const mostCategories = 5
const metrics = ['revenue', 'orders', 'conversion_rate', 'cart_abandonment_rate'] as const

/** Reads what a daily report is about. Rejects with the store's error. */
export async function readDaily(
  store: DailyStore,
  pipeline: string,
  schedule: Pick<Schedule, 'startOf'>,
  day: number
): Promise<DailyFigures> {
  const first = day - longestDays + 1 - weeksBefore * 7
  const bounds = Array.from({ length: day - first + 2 }, (_, at) => schedule.startOf(first + at))
  const [fromMs = 0, toMs = 0] = bounds.slice(-2)
  const totals = await store.totals(pipeline, bounds, metrics)
  const categories = await store.segmentTotals(pipeline, {
    metric: 'revenue',
    dimension: 'category',
    fromMs,
    toMs,
    limit: mostCategories
  })
  const incidents = await store.findIncidents({ pipeline, sinceMs: fromMs })
  const stillOpen = await store.findIncidents({ pipeline, status: 'open' })
  const days = daysOf(totals, bounds, first)
  const since = (count: number) => totals.filter(({ span }) => span > day - first - count)
  const rateOf = (metric: string): Rate => ({
    day: shareOf(since(1), metric),
    week: shareOf(since(7), metric)
  })
  return {
    day,
    fromMs,
    toMs,
    coveredMs: days.get(day)?.coveredMs ?? 0,
    periods: [periodOf(days, day, 1), periodOf(days, day, 7), periodOf(days, day, longestDays)],
    conversion: rateOf('conversion_rate'),
    abandonment: rateOf('cart_abandonment_rate'),
    categories,
    incidents: countsOf(incidents.filter(({ openedAt }) => openedAt >= fromMs && openedAt < toMs)),
    open: stillOpen.toSorted(worstFirst)
  }
}

function daysOf(
  totals: readonly SpanTotal[],
  bounds: readonly number[],
  first: number
): Map<number, DayFigures> {
  const days = new Map<number, DayFigures>()
  for (const [span, from] of bounds.slice(0, -1).entries()) {
    const own = totals.filter(total => total.span === span)
    const sum = (metric: string) => own.find(total => total.metric === metric)?.numerator ?? 0
    const coveredMs = own.find(({ metric }) => metric === 'orders')?.coveredMs ?? 0
    const lengthMs = (bounds[span + 1] ?? from) - from
    days.set(first + span, {
      day: first + span,
      lengthMs,
      coveredMs,
      revenue: sum('revenue'),
      orders: sum('orders')
    })
  }
  return days
}

const worst = severities.toReversed()
const worstFirst = (one: StoredIncident, other: StoredIncident) =>
  worst.indexOf(one.severity) - worst.indexOf(other.severity) || one.openedAt - other.openedAt

const countsOf = (incidents: readonly StoredIncident[]): IncidentCount[] =>
  worst.flatMap(severity => {
    const own = incidents.filter(incident => incident.severity === severity)
    const losses = own.map(lossOf).filter(loss => loss !== null)
    const loss = losses.length > 0 ? losses.reduce((sum, one) => sum + one, 0) : null
    return own.length > 0 ? [{ severity, count: own.length, loss }] : []
  })

/** In money, counted once for an incident; null where nothing was lost. */
export function lossOf({ loss, lossUnit, lastAnomaly }: StoredIncident): number | null {
  return loss !== null && loss > 0 && (lossUnit ?? lastAnomaly.unit) === 'money' ? loss : null
}
