import { contractFields } from '../../src/decode/layout.ts'
import type { Series } from '../baseline/series.ts'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { evidenceOf } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { type Measure, type Measured, shareOf } from '../rules/measurement.ts'
import { section } from '../rules/options.ts'
import { whole } from '../rules/ranges.ts'
import { rising } from '../rules/share-rise.ts'
import { isMoreThan } from '../rules/thresholds.ts'
import { type ScanHit, scanWindows } from '../rules/window-scan.ts'
import { countTail } from '../stats/significance.ts'

/** A change of one field: the share of events that show it rises. */
interface Change {
  readonly field: string
  readonly metric: 'field_rate' | 'field_number_rate'
  /** Of the field: `is missing`. */
  readonly says: string
  readonly series: Series
  readonly measure: Measure
}

/** Fields that are usually there and now are not, or that became a number or stopped being one. */
export const schemaDrift = defineKind({
  kind: 'schema_drift',
  title: 'Schema drift',
  metric: 'field_rate',
  summary: 'A field of the events is missing more often than usual, or changed its type.',
  checkFirst:
    'Compare the fields named here with the producer’s newest version: renamed, dropped, or of another type.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  options: section(rising(0.02, 3, [2, 5, 15, 60])),
  create(series, options, { warmupWindows }) {
    const changes = changesOf(series)
    const span = { ...options, maxPValue: options.maxPValue / changes.length }
    const isFrequent = isMoreThan(options.above)
    const rose = (shares: Shares) => isFrequent(shares) && oddsRatio(shares) >= options.factor
    return {
      trainedWindows: () => Math.max(...changes.map(change => change.series.trainedWindows())),
      judge(words, earlier) {
        const found = changes
          .filter(change => change.series.trainedWindows() >= warmupWindows)
          // A cheap look at each, before the few are judged.
          .filter(({ series }) => options.spans.some(span => risesIn(series, span, rose)))
          .filter(change => !(mixShifts.some(metric => earlier.found(metric, 60)) && isOften(change.measure)))
          // data_quality has found the missing prices.
          .filter(
            ({ says, field }) =>
              !(says === missing && field === 'price' && earlier.found('missing_price_rate', 60))
          )
          .flatMap(change => {
            const swept = scanWindows({
              direction: 'rise',
              measure: change.measure,
              rule: rose,
              mildRule: isMoreThan(options.above / 2),
              span
            })
            return swept ? [{ change, swept }] : []
          })
          .sort((a, b) => a.swept.probability - b.swept.probability)
        const [first] = found
        if (!first) return undefined
        const { observed, expected, exposure } = first.swept.measured
        const shown = (share: number) => (first.change.says === becameNumber ? share : 1 - share)
        const each = found.map(({ change, swept }) => {
          const { now, usual } = sharesOf(swept)
          return `${change.field} ${change.says} in ${words.smallShare(now)} of its events (usually ${words.smallShare(usual)})`
        })
        return {
          metric: first.change.metric,
          severity: options.severity,
          span: first.swept.span,
          value: shown(observed / exposure),
          expected: shown(expected / exposure),
          details: `${each.join('; ')} in ${words.span(first.swept.span)}. Possible new version of the shop's tracking.`,
          evidence: {
            ...evidenceOf(first.swept),
            fields: found.map(({ change }) => change.field).join(', ')
          },
          excludeFromTraining: ['field_rate', 'field_number_rate']
        }
      }
    }
  }
})

/** Where these are found, other kinds of events than usual are there, of other sources: a field's share shifts with them. */
const mixShifts = ['events', 'orders', 'revenue', 'conversion_rate']

const missing = 'is missing'
const becameNumber = 'is a number'

/** A record without its time or its type is no event. */
const unwatched: ReadonlySet<string> = new Set(['event_time', 'event_type'])

function changesOf(series: RegisteredSeries): readonly Change[] {
  return contractFields
    .filter(field => !unwatched.has(field))
    .flatMap(field => {
      const change = (metric: Change['metric'], says: string, series: Series): Change => ({
        field,
        metric,
        says,
        series,
        measure: oddsOf(series)
      })
      return [
        change('field_rate', missing, series.fieldRemainder('field_rate', field)),
        change('field_number_rate', 'is no number', series.fieldRemainder('field_number_rate', field)),
        change('field_number_rate', becameNumber, series.fieldRate('field_number_rate', field))
      ]
    })
}

type Shares = Pick<Measured, 'observed' | 'expected' | 'exposure'>

function risesIn(series: Series, span: number, rose: (shares: Shares) => boolean): boolean {
  const seen = series.compare(span)
  if (!seen) return false
  const { observed, expectation, exposure } = seen
  return rose({ observed, expected: expectation.mean, exposure })
}

/**
 * A share judged by its odds: a field that four events in ten lack cannot be missing three times as often, but for it
 * twice as often is as improbable as five times for a small share.
 */
function oddsOf(series: Series): Measure {
  const share = shareOf(series)
  return function oddsMeasure(range) {
    const measured = share(range)
    return (
      measured && {
        ...measured,
        probability(direction, value = measured.observed) {
          const { expected, exposure, dispersion } = measured
          const byOdds = measured.probability(
            direction,
            expected * oddsRatio({ ...measured, observed: value })
          )
          if (expected <= often * exposure) return byOdds
          // Few events usually have it, so by chance none may.
          const rest = { mean: Math.max(0, exposure - expected), dispersion, levelSd: 0 }
          return Math.max(byOdds, countTail('drop', exposure - value, rest))
        }
      }
    )
  }
}

/** Keeps the odds finite where all events show it. */
const leastRest = 0.5

function oddsRatio({ observed, expected, exposure }: Shares) {
  return (observed / expected) * ((exposure - expected) / Math.max(leastRest, exposure - observed))
}

/** Where the field is often missing, other visitors, such as bots, change its share too. */
const often = 0.1

function isOften(measure: Measure): boolean {
  const measured = measure(whole(1))
  return measured !== undefined && measured.expected > often * measured.exposure
}

function sharesOf({ measured: { observed, expected, exposure } }: ScanHit) {
  return { now: observed / exposure, usual: expected / exposure }
}
