import type { FieldShare } from '../baseline/field-shares.ts'
import { evidenceOf } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { becameNumber, changesOf, type FieldChange } from '../rules/field-changes.ts'
import { byField, createFieldDrifts, type FieldDrift } from '../rules/field-drifts.ts'
import type { Words } from '../rules/format.ts'
import { countOf } from '../rules/measurement.ts'
import { section } from '../rules/options.ts'
import { rising } from '../rules/share-rise.ts'

/**
 * Fields that are usually there and now are not, or that became a number or stopped being one. Each is compared within
 * the events of a type, so that it shows nothing where only more or fewer events of another type come.
 */
export const schemaDrift = defineKind({
  kind: 'schema_drift',
  metric: 'field_rate',
  summary: 'A field of the events is missing more often than usual, or changed its type.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  options: section(rising(0.02, 3, [2, 5, 15, 60])),
  create(series, options, shop) {
    const fields = shop.fields(options.spans)
    const findDrifts = createFieldDrifts(options, countOf(series.count('events')))
    const changes = new Map<FieldShare, readonly FieldChange[]>()

    function watched(): readonly FieldChange[] {
      return fields.all().flatMap(share => {
        const known = changes.get(share) ?? changesOf(share)
        changes.set(share, known)
        return known
      })
    }

    return {
      trainedWindows: () =>
        watched().reduce((most, { series }) => Math.max(most, series.trainedWindows()), 0),
      judge(words, earlier) {
        const ready = watched().filter(one => one.series.trainedWindows() >= shop.warmupWindows)
        const drifts = findDrifts(ready, earlier)
        const [first] = drifts
        if (!first) return undefined
        const { observed, expected, exposure } = first.hit.measured
        const shown = (share: number) => (first.change.says === becameNumber ? share : 1 - share)
        return {
          metric: first.change.metric,
          severity: options.severity,
          span: first.hit.span,
          value: shown(observed / exposure),
          expected: shown(expected / exposure),
          details: `${byField(drifts)
            .map(([says, same]) => `${says} in ${typesOf(same, words)}`)
            .join('; ')} in ${words.span(first.hit.span)}. Possible new version of the shop's tracking.`,
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

const listed = (names: readonly string[]) => [...new Set(names)].join(', ')

/** Types that are named for each change. */
const mostTypes = 3

function typesOf(drifts: readonly FieldDrift[], words: Words): string {
  const named = drifts.slice(0, mostTypes).map(({ change: { type }, hit: { measured } }) => {
    const share = (count: number) => words.smallShare(count / measured.exposure)
    return `${share(measured.observed)} of ${type} events (usually ${share(measured.expected)})`
  })
  const more = drifts.length - named.length
  const others = more > 0 ? [`${more} more ${more === 1 ? 'type' : 'types'}`] : []
  return [...named, ...others].join(', ')
}
