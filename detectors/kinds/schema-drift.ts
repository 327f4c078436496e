import { type Phrase, phrase } from '../../src/language/phrase.ts'
import type { FieldShare } from '../baseline/field-shares.ts'
import { amountFound, evidenceOf, type Found } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { changesOf, type FieldChange } from '../rules/field-changes.ts'
import { byField, createFieldDrifts, type FieldDrift } from '../rules/field-drifts.ts'
import type { Figures } from '../rules/format.ts'
import { countOf } from '../rules/measurement.ts'
import { section } from '../rules/options.ts'
import { rising } from '../rules/share-rise.ts'
import { createVanishedType, type VanishedType } from '../rules/vanished-type.ts'
import type { Severity } from '../types.ts'

/**
 * Fields that are usually there and now are not, or that became a number or stopped being one. Each is compared within
 * the events of a type, so that it shows nothing where only more or fewer events of another type come.
 */
export const schemaDrift = defineKind({
  kind: 'schema_drift',
  metric: 'field_rate',
  summary:
    'A field of the events is missing more often than usual or changed its type, or a type of event is gone.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  tuning: { key: 'above', stricter: 'higher', unit: 'share', beside: ['data_quality'] },
  options: section(rising(0.02, 3, [2, 5, 15, 60])),
  create(series, options, shop) {
    const fields = shop.fields(options.spans)
    const vanished = createVanishedType(series, options)
    const findDrifts = createFieldDrifts(options, countOf(series.count('events')))
    let shares: readonly FieldShare[] = []
    let changes: readonly FieldChange[] = []

    /** Made anew only where a field comes. */
    function watched(): readonly FieldChange[] {
      const all = fields.all()
      if (all !== shares) changes = all.flatMap(changesOf)
      shares = all
      return changes
    }

    return {
      trainedWindows: () =>
        watched().reduce(
          (most, { series }) => Math.max(most, series.trainedWindows()),
          vanished.trainedWindows()
        ),
      judge({ figure }, earlier) {
        const gone = vanished.find()
        if (gone) return vanishedFound(gone, options.severity, figure)
        const ready = watched().filter(one => one.series.trainedWindows() >= shop.warmupWindows)
        const drifts = findDrifts(ready, earlier)
        const [first] = drifts
        if (!first) return undefined
        const { observed, expected, exposure } = first.hit.measured
        const shown = (share: number) => (first.change.says === 'number' ? share : 1 - share)
        return {
          metric: first.change.metric,
          severity: options.severity,
          span: first.hit.span,
          value: shown(observed / exposure),
          expected: shown(expected / exposure),
          said: [
            phrase('finding.schema_drift.changed', {
              changes: { list: byField(drifts).map(same => changePhrase(same, figure)), between: '; ' },
              span: figure.span(first.hit.span)
            }),
            phrase('finding.schema_drift.possible')
          ],
          evidence: {
            ...evidenceOf(first.hit),
            fields: listed(drifts.map(({ change }) => change.field)),
            event_types: listed(drifts.map(({ change }) => change.type))
          },
          excludeFromTraining: ['field_rate']
        }
      }
    }
  }
})

function vanishedFound(
  { type, metric, later, ...hit }: VanishedType,
  severity: Severity,
  figure: Figures
): Found {
  return {
    ...amountFound(hit),
    metric,
    severity,
    said: [
      phrase('finding.schema_drift.vanished', {
        type,
        span: figure.span(hit.span),
        expected: figure.count(hit.measured.expected),
        later
      }),
      phrase('finding.schema_drift.possible')
    ],
    evidence: { ...evidenceOf(hit), event_types: type, goes_on: later },
    excludeFromTraining: [
      metric,
      'carting_sessions',
      'cart_abandonment_rate',
      'checkout_success_rate',
      'events'
    ]
  }
}

const listed = (names: readonly string[]) => [...new Set(names)].join(', ')

/** Types that are named for each change. */
const mostTypes = 3

function changePhrase(same: readonly FieldDrift[], { smallShare }: Figures): Phrase {
  const types = same.slice(0, mostTypes).map(({ change: { type }, hit: { measured } }) => {
    const share = (count: number) => smallShare(count / measured.exposure)
    return phrase('finding.schema_drift.type', {
      type,
      now: share(measured.observed),
      usual: share(measured.expected)
    })
  })
  const more = same.length - types.length
  const others = more > 0 ? [phrase('finding.schema_drift.more_types', { count: more })] : []
  const { field = '', says = 'missing' } = same[0]?.change ?? {}
  return phrase(`finding.schema_drift.${says}`, {
    field,
    types: { list: [...types, ...others], between: ', ' }
  })
}
