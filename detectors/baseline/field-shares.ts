import { type ContractField, contractFields } from '../../src/decode/layout.ts'
import { type CountedType, countingField, fieldDimension, fieldSegment } from '../../src/metrics/fields.ts'
import type { SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import { measuredTypes } from '../../src/window/measure.ts'
import type { Segment } from '../../src/window/segment.ts'
import { oddsRatio } from '../stats/odds.ts'
import type { Reading } from './comparison.ts'
import type { Learner, Series } from './series.ts'
import type { SlowShareSeries } from './slow-share-series.ts'

/** A field among the events of a type: how many lack it; of those that have it, how many have a number, and a text. */
export interface FieldShare {
  readonly field: ContractField
  readonly type: CountedType
  readonly missing: SlowShareSeries
  readonly numbers: SlowShareSeries
  readonly texts: SlowShareSeries
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

/** Follows each field among the events of each type, from the first event that had it on. */
export function createFieldShares(makeSeries: () => SlowShareSeries): FieldShares {
  const known = new Map<Place, FieldShare>()
  let seen: readonly (readonly [Place, FieldShare])[] = []
  let shares: readonly FieldShare[] = []
  let newest = noRows

  function addSeen(): void {
    const fresh = places.filter(place => !known.has(place) && newest.rates.has(place.segment))
    if (fresh.length === 0) return
    for (const place of fresh) {
      const { field, type } = place
      const [missing, numbers, texts] = [makeSeries(), makeSeries(), makeSeries()]
      known.set(place, { field, type, missing, numbers, texts })
    }
    seen = places.flatMap(place => {
      const share = known.get(place)
      return share ? [[place, share] as const] : []
    })
    shares = seen.map(([, share]) => share)
  }

  function each(act: (series: Series) => void): void {
    for (const { missing, numbers, texts } of shares) {
      act(missing)
      act(numbers)
      act(texts)
    }
  }

  return {
    read({ complete, segments }) {
      newest = complete ? rowsOf(segments) : noRows
      return undefined
    },
    enter(at) {
      addSeen()
      const { rates, numberRates } = newest
      const reading = (count: number, exposure: number) => (rates.size > 0 ? { count, exposure } : undefined)
      for (const [{ segment, counting }, { missing, numbers, texts }] of seen) {
        const events = rates.get(counting)?.denominator ?? 0
        const present = rates.get(segment)?.numerator ?? 0
        const numeric = numberRates.get(segment)?.numerator ?? 0
        missing.enter(at, reading(events - present, events))
        numbers.enter(at, reading(numeric, present))
        texts.enter(at, reading(present - numeric, present))
      }
    },
    train: () => each(series => series.train()),
    forget: (windows, found) => each(series => series.forget(windows, found)),
    settle: windows => each(series => series.settle(windows)),
    /** What has risen with a level that is believed, as of a crowd that lacks a field, is believed too. */
    remember(windows) {
      each(series => {
        if (hasRisen(series, windows)) series.settle(windows)
      })
    },
    all: () => shares
  }
}

/** Odds that are so many times the usual ones have risen. */
const risenOdds = 2

function hasRisen(series: Series, windows: number): boolean {
  const seen = series.compare(windows)
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
  const rows = segments.filter(({ dimension }) => dimension === fieldDimension)
  const ofMetric = (name: string) =>
    new Map(rows.flatMap(row => (row.metric === name ? [[row.segment, row] as const] : [])))
  return { rates: ofMetric('field_rate'), numberRates: ofMetric('field_number_rate') }
}
