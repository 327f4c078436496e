import { z } from 'zod'
import { phrase } from '../../src/language/phrase.ts'
import { minuteMs } from '../../src/time/units.ts'
import type { WatchedSeries } from '../general/watched-series.ts'
import { defineKind } from '../kind.ts'
import { enabled, maxPValue, section, severity } from '../rules/options.ts'
import { watchedDirections } from '../rules/watched-directions.ts'
import type { Direction } from '../stats/significance.ts'

interface Watched {
  readonly metric: string
  readonly series: WatchedSeries
  readonly adds: boolean
  readonly directions: readonly Direction[]
}

/** `improbable` holds for windows of this length and longer: shorter ones are more, and each must be as much less probable. */
const ofWindowMs = 5 * minuteMs

/** A value of any listed metric that is rare by what the metric itself was like: nobody says what is usual. */
export const metricAnomaly = defineKind({
  kind: 'metric_anomaly',
  metric: 'events',
  summary: 'A metric that the configuration lists is as it rarely was, whatever it usually looks like.',
  area: 'technical',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  options: section({
    enabled,
    metrics: z.array(z.string()).default([]),
    improbable: maxPValue(0.0025),
    severity: severity('medium')
  }),
  create(_, options, shop) {
    if (options.metrics.length === 0) return undefined
    const watched = options.metrics.map((metric): Watched => {
      const definition = shop.definition(metric)
      const adds = definition !== undefined && ['count', 'distinct', 'sum'].includes(definition.kind)
      return { metric, series: shop.watched(metric), adds, directions: watchedDirections(definition) }
    })
    const mostProbable = (options.maxPValue * Math.min(1, shop.windowMs / ofWindowMs)) / watched.length

    return {
      trainedWindows: () => Math.max(...watched.map(({ series }) => series.trainedWindows())),
      judge({ figure }) {
        const found = watched
          .filter(({ series }) => series.trainedWindows() >= shop.warmupWindows)
          .map(one => ({ ...one, probability: one.series.probability() }))
          .filter(
            ({ probability, series, directions }) =>
              probability <= mostProbable && directions.includes(directionOf(series))
          )
          .sort((a, b) => a.probability - b.probability)
        const [first] = found
        if (!first) return undefined
        const { metric, series, adds, probability } = first
        const others = found.slice(1).map(one => one.metric)
        const span = series.span()
        const per = adds ? span : 1
        const value = series.value() * per
        const expected = series.expected() * per
        return {
          metric,
          severity: options.severity,
          span,
          value,
          expected,
          said: [
            phrase('finding.metric_anomaly.rare', {
              metric,
              observed: figure.short(value),
              expected: figure.short(expected),
              span: figure.span(span),
              windows: figure.count(Math.min(mostWindows, Math.round(1 / probability)))
            }),
            ...(others.length > 0 ? [phrase('finding.with_it', { metrics: others.join(', ') })] : [])
          ],
          evidence: {
            baseline: 'own_tail',
            span_windows: span,
            probability: Number(probability.toPrecision(3)),
            metrics: found.map(one => one.metric).join(', ')
          },
          excludeFromTraining: []
        }
      }
    }
  }
})

/** Nobody has seen more. */
const mostWindows = 1_000_000

const directionOf = (series: WatchedSeries): Direction =>
  series.value() < series.expected() ? 'drop' : 'rise'
