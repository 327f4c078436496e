import type { PricedType } from '../../src/metrics/measures.ts'
import type { WindowMetrics } from '../../src/metrics/types.ts'
import { createBurstReads } from './bursts.ts'
import type { Reading } from './comparison.ts'
import { countSeries } from './count-series.ts'
import { createFaultReads } from './fault-reads.ts'
import { faultShareSeries } from './fault-share-series.ts'
import { logSeries } from './log-series.ts'
import { numberSeries, rateSeries, shareSeries, valueSeries } from './rate-series.ts'
import {
  amounts,
  counted,
  further,
  logarithms,
  type Read,
  ratio,
  readOf,
  remaining,
  sampled,
  termsOf
} from './readings.ts'
import { eventsOfType, type RowIndex } from './row-index.ts'
import type { Series, SeriesOptions } from './series.ts'

/** How many of a count come together, until it is learned. */
const burstSizes: Readonly<Record<string, number>> = { events: 6, visits: 3 }
const usualBurstSize = 2

type Register = <S extends Series>(
  [name, metric, segment]: readonly [name: string, metric: string, segment?: string],
  make: (parts: SeriesOptions) => S,
  read: (window: WindowMetrics) => Reading | undefined
) => S

/** Series by what they are made of, each registered when it is asked for. */
export function createNamedSeries(register: Register, rows: RowIndex) {
  const faultReads = createFaultReads(rows)
  const follow = <S extends Series>(
    name: string,
    metric: string,
    make: (parts: SeriesOptions) => S,
    read: Read
  ) =>
    register(
      [name, metric],
      make,
      readOf(({ values }) => values.get(metric), read)
    )
  const burstReads: Readonly<Record<string, (window: WindowMetrics) => number>> = createBurstReads(rows)
  function countedWithBurst(metric: string): Read {
    const burstOf = burstReads[metric]
    return burstOf === undefined
      ? counted
      : (value, window) => ({ ...counted(value, window), burst: burstOf(window) })
  }
  const purchasesOf = eventsOfType(rows, 'purchase')
  const purchaseShareOf = (window: WindowMetrics): Reading | undefined => {
    const events = window.complete ? window.values.get('events') : undefined
    return events && { count: purchasesOf(window) ?? 0, exposure: events.numerator }
  }
  const bunched = (metric: string) => (parts: SeriesOptions) =>
    countSeries(parts, burstSizes[metric] ?? usualBurstSize)

  /** The series of a shop by what they are made of. The same question gives the same series. */
  return {
    /** A count of a window, with a curve over the day. */
    count: (metric: string) => follow('count', metric, bunched(metric), countedWithBurst(metric)),
    /** The same beyond one in each window: what a single one does shows elsewhere, not here. */
    further: (metric: string) => follow('further', metric, bunched(metric), further),
    /** How many amounts a sum is made of. */
    terms: (metric: string) => follow('terms', metric, bunched(metric), termsOf),
    /** The mean of a sum's amounts. The greatest one of a window counts as no more than `cap` usual ones. */
    mean: (metric: string, cap?: number) =>
      follow(`mean to ${cap}`, metric, parts => valueSeries(parts, cap), amounts),
    /** The mean logarithm of amounts, of a metric that is one. */
    logs: (metric: string) => follow('logs', metric, logSeries, logarithms),
    /** A ratio whose numerator follows its denominator after a while. */
    share: (metric: string) => follow('share', metric, shareSeries, ratio),
    /** What is left of such a ratio to 1. */
    remainder: (metric: string) => follow('remainder', metric, shareSeries, remaining),
    /** A ratio whose numerator comes with its denominator. */
    rate: (metric: string) => follow('rate', metric, rateSeries, ratio),
    /** Of the events of a type, or of all that need a price: those with a fault. */
    faults: (metric: string, type?: PricedType) =>
      register(
        ['faults', metric, `event_type=${type ?? 'all'}`],
        faultShareSeries,
        type === undefined ? faultReads.ofAll(metric) : faultReads.ofType(metric, type)
      ),
    /** Purchases for each event. */
    purchaseShare: () => register(['purchase share', 'events'], rateSeries, purchaseShareOf),
    /** Of all events: those with a fault that is not read so. */
    otherFaults: () => register(['other faults', 'invalid_rate'], rateSeries, faultReads.others),
    /** A number that is neither a count nor made of them, such as a quantile. */
    number: (metric: string) => follow('number', metric, numberSeries, sampled),
    /** A count for each of another one. */
    per: (metric: string, each: string) =>
      follow(`per ${each}`, metric, rateSeries, ({ numerator }, { values }) => ({
        count: numerator,
        exposure: values.get(each)?.numerator ?? 0
      }))
  }
}
