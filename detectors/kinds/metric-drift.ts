import { z } from 'zod'
import { phrase } from '../../src/language/phrase.ts'
import { hourMs } from '../../src/time/units.ts'
import type { HourChange, HourlyHistory } from '../baseline/hourly-history.ts'
import { defineKind } from '../kind.ts'
import { enabled, part, positive, section, severity } from '../rules/options.ts'
import { duration } from '../rules/units.ts'
import { watchedDirections } from '../rules/watched-directions.ts'
import type { Direction } from '../stats/significance.ts'

const hoursOfDay = 24

interface Watched {
  readonly metric: string
  readonly book: HourlyHistory
  readonly directions: readonly Direction[]
}

interface Drift {
  readonly metric: string
  readonly hours: number
  readonly change: HourChange
}

/** A slow shift of a metric, by its last hours and days against the same hours of the days and weeks before. */
export const metricDrift = defineKind({
  kind: 'metric_drift',
  metric: 'revenue',
  summary: 'A metric has slowly left its level of the weeks before.',
  area: 'technical',
  about: 'shop',
  source: 'windows',
  tuning: { key: 'change', stricter: 'higher', unit: 'share' },
  options: section({
    enabled,
    metrics: z
      .array(z.string())
      .default([
        'revenue',
        'orders',
        'conversion_rate',
        'average_order_value',
        'cart_abandonment_rate',
        'checkout_success_rate'
      ]),
    over: z
      .array(
        duration.refine(ms => ms >= hourMs && ms <= 7 * hoursOfDay * hourMs && ms % hourMs === 0, {
          error: 'whole hours, from 1h to 7d'
        })
      )
      .min(1)
      .default([hoursOfDay * hourMs]),
    /** Smaller changes are none. */
    change: part(0.15),
    z_score: positive(5),
    severity: severity('low')
  }),
  create(_, options, shop) {
    if (options.metrics.length === 0) return undefined
    const books = options.metrics.map(metric => ({
      metric,
      book: shop.hours(metric),
      directions: watchedDirections(shop.definition(metric))
    }))
    const windowsOf = (hours: number) => Math.max(1, Math.round((hours * hourMs) / shop.windowMs))
    /** Metrics whose drift was reported, or happened together with one that was. */
    const adrift = new Set<string>()
    let lastHour = Number.NEGATIVE_INFINITY
    let reportedHour = Number.NEGATIVE_INFINITY

    const sizeOf = ({ value, expected }: HourChange) => Math.abs(Math.log(value / expected))
    const isDrift = (change: HourChange) =>
      sizeOf(change) >= -Math.log(1 - options.change) && Math.abs(change.zScore) >= options.zScore

    function drifts({ metric, book, directions }: Watched): readonly Drift[] {
      const seen = options.over.flatMap(overMs => {
        const hours = overMs / hourMs
        const change = book.change(hours)
        return change ? [{ metric, hours, change }] : []
      })
      if (seen.every(({ change }) => sizeOf(change) < options.change / 2)) adrift.delete(metric)
      return adrift.has(metric)
        ? []
        : seen.filter(({ change }) => isDrift(change) && directions.includes(directionOf(change)))
    }

    return {
      trainedWindows: () => Math.max(...books.map(({ book }) => book.trainedWindows())),
      judge({ figure }, earlier) {
        const hour = Math.max(...books.map(({ book }) => book.newestHour()))
        if (hour <= lastHour) return undefined
        lastHour = hour
        const found = books
          .flatMap(drifts)
          .filter(({ metric }) => !earlier.found(metric, windowsOf(hoursOfDay)))
          .sort((a, b) => Math.abs(b.change.zScore) - Math.abs(a.change.zScore))
        for (const { metric } of found) adrift.add(metric)
        const [first] = found
        if (!first || hour - reportedHour <= hoursOfDay) return undefined
        reportedHour = hour
        const { metric, hours, change } = first
        const metrics = [...new Set(found.map(each => each.metric))]
        const others = metrics.slice(1)
        return {
          metric,
          // Both are means.
          scale: { additive: false },
          severity: options.severity,
          span: windowsOf(hours),
          value: change.value,
          expected: change.expected,
          said: [
            phrase('finding.metric_drift.drifted', {
              metric,
              change: { unit: 'signed_share', value: change.value / change.expected - 1 },
              hours,
              expected: figure.short(change.expected),
              observed: figure.short(change.value),
              days: change.days
            }),
            ...(others.length > 0 ? [phrase('finding.with_it', { metrics: others.join(', ') })] : [])
          ],
          evidence: {
            baseline: 'same_hours',
            span_windows: windowsOf(hours),
            z_score: Math.round(change.zScore * 1_000) / 1_000,
            days: change.days,
            metrics: metrics.join(', ')
          },
          excludeFromTraining: []
        }
      }
    }
  }
})

const directionOf = ({ value, expected }: HourChange): Direction => (value < expected ? 'drop' : 'rise')
