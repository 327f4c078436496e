import { type ContractField, contractFields } from '../../src/decode/layout.ts'
import { type CountedType, countingField, fieldDimension, fieldSegment } from '../../src/metrics/fields.ts'
import type { SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import { measuredTypes } from '../../src/window/measure.ts'
import type { Segment } from '../../src/window/segment.ts'
import { oddsRatio } from '../stats/odds.ts'
import type { Reading } from './comparison.ts'
import type { Learner } from './series.ts'
import type { SlowShare, SlowShares } from './slow-shares.ts'

/** A field among the events of a type: how many lack it; of those that have it, how many have a number, and a text. */
export interface FieldShare {
  readonly field: ContractField
  readonly type: CountedType
  readonly missing: SlowShare
  readonly numbers: SlowShare
  readonly texts: SlowShare
}

export interface FieldShares extends Learner {
  read(window: WindowMetrics): Reading | undefined
  /** Those of which any event was seen, in the order of the contract. */
  all(): readonly FieldShare[]
}

interface Place {
  readonly field: ContractField
  readonly type: CountedType
  readonly segment: Segment
  /** The row that says how many events of the type there were. */
  readonly counting: Segment
}

/** A record without its time or its type is no event. */
const unwatched: ReadonlySet<ContractField> = new Set(['event_time', 'event_type'])

const places = contractFields
  .filter(field => !unwatched.has(field))
  .flatMap(field =>
    measuredTypes.map(
      (type): Place => ({
        field,
        type,
        segment: fieldSegment(field, type),
        counting: fieldSegment(countingField, type)
      })
    )
  )

/** What a place's shares are called in the store of all shares. */
interface Indexes {
  readonly missing: number
  readonly numbers: number
  readonly texts: number
}

/** Follows each field among the events of each type, from the first event that had it on. */
export function createFieldShares(all: SlowShares, look: (share: SlowShare) => SlowShare): FieldShares {
  const known = new Map<Place, { readonly indexes: Indexes; readonly share: FieldShare }>()
  let seen: readonly (readonly [Place, Indexes])[] = []
  let shares: readonly FieldShare[] = []
  let looks: readonly SlowShare[] = []
  let newest = noRows

  function addSeen(): void {
    const fresh = places.filter(place => !known.has(place) && newest.rates.has(place.segment))
    if (fresh.length === 0) return
    for (const place of fresh) {
      const { field, type } = place
      const indexes = { missing: all.add(), numbers: all.add(), texts: all.add() }
      const [missing, numbers, texts] = [indexes.missing, indexes.numbers, indexes.texts].map(index =>
        look(all.share(index))
      ) as [SlowShare, SlowShare, SlowShare]
      looks = [...looks, missing, numbers, texts]
      known.set(place, { indexes, share: { field, type, missing, numbers, texts } })
    }
    const inOrder = places.flatMap(place => {
      const one = known.get(place)
      return one ? [{ place, ...one }] : []
    })
    seen = inOrder.map(({ place, indexes }) => [place, indexes])
    shares = inOrder.map(({ share }) => share)
  }

  return {
    read({ complete, segments }) {
      newest = complete ? rowsOf(segments) : noRows
      return undefined
    },
    enter({ window }) {
      addSeen()
      const { rates, numberRates } = newest
      for (const [{ segment, counting }, { missing, numbers, texts }] of seen) {
        const events = rates.get(counting)?.denominator ?? 0
        const present = rates.get(segment)?.numerator ?? 0
        const numeric = numberRates.get(segment)?.numerator ?? 0
        all.put(missing, events - present, events)
        all.put(numbers, numeric, present)
        all.put(texts, present - numeric, present)
      }
      all.enter(window, rates.size > 0)
    },
    train: all.train,
    forget: all.forget,
    settle(windows) {
      for (const index of looks.keys()) all.settle(index, windows)
    },
    /** What has risen with a level that is believed, as of a crowd that lacks a field, is believed too. */
    remember(windows) {
      for (const [index, share] of looks.entries()) if (hasRisen(share, windows)) all.settle(index, windows)
    },
    all: () => shares
  }
}

/** Odds that are so many times the usual ones have risen. */
const risenOdds = 2

function hasRisen(share: SlowShare, windows: number): boolean {
  const seen = share.compare(windows)
  if (!seen || !(seen.exposure > 0)) return false
  const { observed, exposure, expectation } = seen
  return oddsRatio({ observed, exposure, expected: expectation.mean }) >= risenOdds
}

interface Rows {
  readonly rates: ReadonlyMap<string, SegmentValue>
  readonly numberRates: ReadonlyMap<string, SegmentValue>
}

const noRows: Rows = { rates: new Map(), numberRates: new Map() }

function rowsOf(segments: readonly SegmentValue[]): Rows {
  const rates = new Map<string, SegmentValue>()
  const numberRates = new Map<string, SegmentValue>()
  for (const row of segments) {
    if (row.dimension !== fieldDimension) continue
    if (row.metric === 'field_rate') rates.set(row.segment, row)
    else if (row.metric === 'field_number_rate') numberRates.set(row.segment, row)
  }
  return { rates, numberRates }
}
