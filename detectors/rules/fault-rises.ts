import { type Phrase, phrase } from '../../src/language/phrase.ts'
import { type PricedType, pricedTypes } from '../../src/metrics/measures.ts'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { type Found, shareFound } from '../detector.ts'
import type { Severity } from '../types.ts'
import type { Figures, Words } from './format.ts'
import { type Measured, shareOf } from './measurement.ts'
import { faultyEvents, type MoneyFault, moneyFaults } from './money-faults.ts'
import { whole } from './ranges.ts'
import { type ShareRiseOptions, shareRiseScan } from './share-rise.ts'
import { isMoreThan } from './thresholds.ts'
import { shareValue, type Watch, watchOf } from './watch.ts'
import { type ScanHit, type ScanOptions, scanWindows } from './window-scan.ts'

/** What is paid for comes first. */
const types = pricedTypes.toReversed()

interface FaultRisesOptions extends ShareRiseOptions {
  readonly severity: Severity
  readonly warmupWindows: number
}

/** Finds a fault that rises among purchases, checkouts or cart adds, each judged apart, or among all of them. */
export function createFaultRises(series: RegisteredSeries, options: FaultRisesOptions) {
  const each = moneyFaults.map(fault => {
    const scan = shareRiseScan(shareOf(series.faults(fault.metric)), options)
    return {
      watch: watchOf(fault.metric, scan, shareValue),
      judges: [oneTypeRise(fault, series, options), shopRise(fault, scan, options)]
    }
  })
  return {
    /** Faults of all events that need a price; those of one type alone show nothing of the metric's value. */
    watches: each.map(({ watch }): Watch => watch),
    judge(words: Words): Found | undefined {
      for (const judge of each.flatMap(({ judges }) => judges)) {
        const found = judge(words)
        if (found !== undefined) return found
      }
      return undefined
    }
  }
}

type Judge = (words: Words) => Found | undefined

function oneTypeRise(fault: MoneyFault, series: RegisteredSeries, options: FaultRisesOptions): Judge {
  const apart = { ...options, maxPValue: options.maxPValue / (moneyFaults.length * types.length) }
  const isFrequent = isMoreThan(options.above)
  const all = types.map(type => {
    const faults = series.faults(fault.metric, type)
    return { type, measure: shareOf(faults), trainedWindows: faults.trainedWindows }
  })
  return function judgeTypes(words) {
    const ready = all.filter(({ trainedWindows }) => trainedWindows() >= options.warmupWindows)
    for (const { type, measure } of ready) {
      const hit = scanWindows(shareRiseScan(measure, apart))
      if (!hit) continue
      const others = ready.flatMap(other => {
        const seen = other.type === type ? undefined : other.measure(whole(hit.span))
        return seen && isFrequent(seen) ? [sharePhrase(seen, other.type, fault, words.figure)] : []
      })
      const found = foundOf(
        fault,
        hit,
        options.severity,
        [sharePhrase(hit.measured, type, fault, words.figure), ...others],
        words.figure
      )
      return { ...found, evidence: { ...found.evidence, event_type: type } }
    }
    return undefined
  }
}

function shopRise(fault: MoneyFault, scan: ScanOptions, options: FaultRisesOptions): Judge {
  return function judgeAll({ figure }) {
    const hit = scanWindows(scan)
    if (!hit) return undefined
    const share = sharePhrase(hit.measured, 'all', fault, figure)
    return foundOf(fault, hit, options.severity, [share], figure)
  }
}

function foundOf(
  fault: MoneyFault,
  hit: ScanHit,
  severity: Severity,
  shares: readonly Phrase[],
  { smallShare, span }: Figures
): Found {
  const found = shareFound(hit)
  return {
    ...found,
    metric: fault.metric,
    severity,
    said: [
      phrase('finding.data_quality.share_risen', {
        shares: { list: shares, between: ', ' },
        span: span(hit.span),
        usual: smallShare(found.expected),
        fault: fault.fault,
        field: fault.field
      }),
      phrase('finding.data_quality.possible')
    ],
    evidence: { ...found.evidence, fault: fault.fault, field: fault.field }
  }
}

const sharePhrase = (
  { observed, exposure }: Measured,
  type: PricedType | 'all',
  { fault }: MoneyFault,
  { share, count }: Figures
): Phrase =>
  phrase(`finding.money_fault.share.${fault}`, {
    share: share(observed / exposure),
    events: faultyEvents(type),
    count: count(observed),
    of: count(exposure)
  })
