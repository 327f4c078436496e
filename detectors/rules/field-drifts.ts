import type { EarlierFindings } from '../detector.ts'
import { oddsRatio, type Shares } from '../stats/odds.ts'
import { type FieldChange, isOften, risesIn } from './field-changes.ts'
import type { Measure } from './measurement.ts'
import { whole } from './ranges.ts'
import type { ShareRiseOptions } from './share-rise.ts'
import { isMoreThan } from './thresholds.ts'
import { type ScanHit, scanWindows } from './window-scan.ts'

/** A change of a field that was found, in a type's events. */
export interface FieldDrift {
  readonly change: FieldChange
  readonly hit: ScanHit
}

const nameOf = ({ field, says }: FieldChange) => `${field} ${says}`

/** Finds changes of fields, the least probable one first; `events` are those of the shop. */
export function createFieldDrifts(options: ShareRiseOptions, events: Measure) {
  const isFrequent = isMoreThan(options.above)
  const rose = (shares: Shares) => isFrequent(shares) && oddsRatio(shares) >= options.factor

  function scan(measure: Measure, maxPValue: number): ScanHit | undefined {
    const hit = scanWindows({
      direction: 'rise',
      measure,
      rule: rose,
      mildRule: isMoreThan(options.above / 2),
      span: { ...options, maxPValue }
    })
    return hit && !isOfOthers(hit, events) ? hit : undefined
  }

  return function findDrifts(ready: readonly FieldChange[], earlier: EarlierFindings): readonly FieldDrift[] {
    const rising = ready
      .filter(({ series }) => risesIn(series, options.spans, rose))
      .filter(change => !isExplained(change, earlier))
    if (rising.length === 0) return []
    // What befalls a field befalls it in many types at once: they are no draws of their own.
    const maxPValue = options.maxPValue / new Set(ready.map(nameOf)).size
    return rising
      .flatMap(change => {
        const hit = scan(change.measure, maxPValue)
        return hit ? [{ change, hit }] : []
      })
      .sort((a, b) => a.hit.probability - b.hit.probability)
  }
}

/** Those of one field that say the same, together. */
export const byField = (drifts: readonly FieldDrift[]): readonly (readonly FieldDrift[])[] => [
  ...Map.groupBy(drifts, ({ change }) => nameOf(change)).values()
]

const lately = 60
/** Where these are found, other events than usual are there, of other sources: a field's share shifts with them. */
const mixShifts = ['events', 'orders', 'revenue', 'conversion_rate']

function isExplained(change: FieldChange, earlier: EarlierFindings): boolean {
  const { says, field, type } = change
  // data_quality has found the missing prices.
  if (says === 'missing' && field === 'price' && earlier.found('missing_price_rate', lately)) return true
  const isMixed = type === 'unknown' || mixShifts.some(metric => earlier.found(metric, lately))
  return isMixed && isOften(change)
}

/** A lesser rise of traffic is none. */
const leastRise = 0.3
/** How many come in addition is known to within this. */
const slack = 1.25
/** Where so many show it, those that usually come do too. */
const nearlyAll = 0.99

/** Whether no more events show it than come in addition, as those of a bot do. */
function isOfOthers({ span, measured }: ScanHit, events: Measure): boolean {
  const { observed = 0, expected = 0 } = events(whole(span)) ?? {}
  const further = observed - expected
  const mayBe = further > leastRise * expected && measured.observed <= slack * further
  return mayBe && measured.observed < nearlyAll * measured.exposure
}
