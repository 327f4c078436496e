import { type PricedType, pricedTypes } from '../../src/metrics/measures.ts'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { type Found, shareFound } from '../detector.ts'
import type { Severity } from '../types.ts'
import type { Words } from './format.ts'
import { type Measured, shareOf } from './measurement.ts'
import { type MoneyFault, moneyFaults } from './money-faults.ts'
import { whole } from './ranges.ts'
import { type ShareRiseOptions, scanShareRise } from './share-rise.ts'
import { isMoreThan } from './thresholds.ts'
import type { ScanHit } from './window-scan.ts'

const namesOf: Readonly<Record<PricedType, string>> = {
  purchase: 'purchases',
  checkout_started: 'checkouts',
  add_to_cart: 'cart adds'
}
/** What is paid for comes first. */
const types = pricedTypes.toReversed()

interface FaultRisesOptions extends ShareRiseOptions {
  readonly severity: Severity
  readonly warmupWindows: number
}

/** Finds a fault that rises among purchases, checkouts or cart adds, each judged apart, or among all of them. */
export function createFaultRises(series: RegisteredSeries, options: FaultRisesOptions) {
  const each = moneyFaults.map(fault => [
    oneTypeRise(fault, series, options),
    shopRise(fault, series, options)
  ])
  return function judgeFaults(words: Words): Found | undefined {
    for (const judge of each.flat()) {
      const found = judge(words)
      if (found !== undefined) return found
    }
    return undefined
  }
}

type Judge = (words: Words) => Found | undefined

function oneTypeRise(fault: MoneyFault, series: RegisteredSeries, options: FaultRisesOptions): Judge {
  const apart = { ...options, maxPValue: options.maxPValue / (moneyFaults.length * types.length) }
  const isFrequent = isMoreThan(options.above)
  const all = types.map(type => {
    const faults = series.faults(fault.metric, type)
    return { type, name: namesOf[type], measure: shareOf(faults), trainedWindows: faults.trainedWindows }
  })
  return function judgeTypes(words) {
    const ready = all.filter(({ trainedWindows }) => trainedWindows() >= options.warmupWindows)
    for (const { type, name, measure } of ready) {
      const hit = scanShareRise(measure, apart)
      if (!hit) continue
      const others = ready.flatMap(other => {
        const seen = other.type === type ? undefined : other.measure(whole(hit.span))
        return seen && isFrequent(seen) ? [shareSaid(seen, other.name, fault, words)] : []
      })
      const { evidence, ...found } = foundOf(fault, hit, options.severity, [name, ...others], words)
      return { ...found, evidence: { ...evidence, event_type: type } }
    }
    return undefined
  }
}

function shopRise(fault: MoneyFault, series: RegisteredSeries, options: FaultRisesOptions): Judge {
  const measure = shareOf(series.faults(fault.metric))
  return function judgeAll(words) {
    const hit = scanShareRise(measure, options)
    return hit && foundOf(fault, hit, options.severity, ['carts, checkouts and purchases'], words)
  }
}

/** Says it of the events called `first`, and of others in texts of their own. */
function foundOf(
  fault: MoneyFault,
  hit: ScanHit,
  severity: Severity,
  [first, ...others]: readonly [first: string, ...others: string[]],
  words: Words
): Found {
  const found = shareFound(hit)
  const said = [shareSaid(hit.measured, first, fault, words), ...others].join(', ')
  const usual = words.smallShare(found.expected)
  return {
    ...found,
    metric: fault.metric,
    severity,
    details: `${said} in ${words.span(hit.span)}, usually ${usual} (${fault.fault}, field ${fault.field}). Possible fault in the shop's tracking or catalogue.`,
    evidence: { ...found.evidence, fault: fault.fault, field: fault.field }
  }
}

function shareSaid(
  { observed, exposure }: Measured,
  name: string,
  { short }: MoneyFault,
  { share, count }: Words
): string {
  return `${share(observed / exposure)} of ${name} ${short} (${count(observed)}/${count(exposure)})`
}
