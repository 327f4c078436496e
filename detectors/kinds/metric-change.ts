import { z } from 'zod'
import { type Figure, type Phrase, phrase } from '../../src/language/phrase.ts'
import type { MetricDefinition } from '../../src/metrics/types.ts'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { evidenceOf } from '../detector.ts'
import { defineKind } from '../kind.ts'
import type { Figures } from '../rules/format.ts'
import {
  amountOf,
  countOf,
  greatestUsual,
  type Measure,
  type Measured,
  numberOf,
  shareOf
} from '../rules/measurement.ts'
import { part, positive, scanning, section, severity } from '../rules/options.ts'
import { allOf, droppedBy, roseTo, zScoreBeyond } from '../rules/thresholds.ts'
import { shareValue, watchOf } from '../rules/watch.ts'
import { watchedDirections } from '../rules/watched-directions.ts'
import { type ScanHit, type ScanOptions, scanWindows } from '../rules/window-scan.ts'
import type { Direction } from '../stats/significance.ts'

/** A metric that is watched, and how it is measured. */
interface Watched {
  readonly metric: string
  readonly measure: Measure
  /** It adds up over windows. */
  readonly adds: boolean
  readonly directions: readonly Direction[]
  trainedWindows(): number
}

/** A sudden change of any of the metrics that the configuration lists, the user's own among them. */
export const metricChange = defineKind({
  kind: 'metric_change',
  metric: 'events',
  summary: 'A metric that the configuration lists is far above or below its baseline.',
  area: 'technical',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  tuning: { key: 'drop', stricter: 'higher', unit: 'share' },
  options: section({
    ...scanning(),
    metrics: z.array(z.string()).default([]),
    z_score: positive(3),
    /** Smaller changes, as shares of the baseline, are none. */
    drop: part(0.3),
    rise: z.number().positive().default(0.5),
    severity: severity('medium')
  }),
  create(series, options, shop) {
    if (options.metrics.length === 0) return undefined
    const watched = options.metrics.map(metric => watchedOf(series, metric, shop.definition(metric)))
    const span = { ...options, maxPValue: options.maxPValue / (2 * watched.length) }
    const rules = {
      drop: allOf(zScoreBeyond(-options.zScore), droppedBy(options.drop)),
      rise: allOf(zScoreBeyond(options.zScore), roseTo(1 + options.rise))
    }
    const mildRules = { drop: zScoreBeyond(-options.zScore / 3), rise: zScoreBeyond(options.zScore / 3) }

    const scansOf = ({ measure, directions }: Watched): readonly ScanOptions[] =>
      directions.map(direction => ({
        direction,
        measure,
        rule: rules[direction],
        mildRule: mildRules[direction],
        span
      }))

    function changed(one: Watched): ScanHit | undefined {
      for (const scan of scansOf(one)) {
        const found = scanWindows(scan)
        if (found) return found
      }
      return undefined
    }

    return {
      trainedWindows: () => Math.max(...watched.map(({ trainedWindows }) => trainedWindows())),
      watches: watched.flatMap(one =>
        scansOf(one).map(scan => ({
          ...watchOf(one.metric, scan, one.adds ? undefined : shareValue),
          trainedWindows: one.trainedWindows
        }))
      ),
      judge({ figure }) {
        const found = watched
          .filter(({ trainedWindows }) => trainedWindows() >= shop.warmupWindows)
          .flatMap(one => {
            const swept = changed(one)
            return swept ? [{ ...one, swept }] : []
          })
          .sort((a, b) => a.swept.probability - b.swept.probability)
        const [first] = found
        if (!first) return undefined
        const { measured, span } = first.swept
        const per = first.adds ? 1 : measured.exposure
        const others = found.slice(1).map(({ metric }) => metric)
        return {
          metric: first.metric,
          severity: options.severity,
          span,
          value: measured.observed / per,
          expected: measured.expected / per,
          ...(first.adds && { measure: first.measure }),
          said: [
            changePhrase(first.metric, measured, per, figure.span(span), figure),
            ...(others.length > 0 ? [phrase('finding.with_it', { metrics: others.join(', ') })] : [])
          ],
          evidence: { ...evidenceOf(first.swept), metrics: found.map(({ metric }) => metric).join(', ') },
          excludeFromTraining: found.map(({ metric }) => metric)
        }
      }
    }
  }
})

function watchedOf(
  series: RegisteredSeries,
  metric: string,
  definition: MetricDefinition | undefined
): Watched {
  const kind = definition?.kind
  const common = { metric, directions: watchedDirections(definition) }
  if (kind === 'count' || kind === 'distinct') {
    const count = series.count(metric)
    return { ...common, measure: countOf(count), adds: true, trainedWindows: count.trainedWindows }
  }
  if (kind === 'sum') {
    const terms = series.terms(metric)
    const measure = amountOf(terms, series.mean(metric), series.mean(metric, greatestUsual))
    return { ...common, measure, adds: true, trainedWindows: terms.trainedWindows }
  }
  if (definition?.kind === 'ratio' && (definition.ofCounts ?? definition.unit === 'share')) {
    const rate = series.rate(metric)
    return { ...common, measure: shareOf(rate), adds: false, trainedWindows: rate.trainedWindows }
  }
  const number = series.number(metric)
  return { ...common, measure: numberOf(number), adds: false, trainedWindows: number.trainedWindows }
}

function changePhrase(
  metric: string,
  { observed, expected }: Measured,
  per: number,
  span: Figure,
  { share, short }: Figures
): Phrase {
  const change = observed / expected - 1
  return phrase(`finding.metric_change.${change < 0 ? 'dropped' : 'rose'}`, {
    metric,
    change: share(Math.abs(change)),
    expected: short(expected / per),
    observed: short(observed / per),
    span
  })
}
