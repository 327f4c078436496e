import { type Phrase, phrase } from '../../src/language/phrase.ts'
import { english, inEnglish } from '../../src/language/translator.ts'
import { amountFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { type Advised, segmentAdvice } from '../rules/advice.ts'
import { amountOf, countOf, greatestUsual } from '../rules/measurement.ts'
import { checkLadder, ladder, part, scanning, section, severity } from '../rules/options.ts'
import { whole } from '../rules/ranges.ts'
import { isBelowBeforeRise } from '../rules/rebound-guard.ts'
import { risenFault } from '../rules/risen-fault.ts'
import { severityOfDrop } from '../rules/severity.ts'
import { droppedBy, dropScan } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { watchOf } from '../rules/watch.ts'
import { scanWindows } from '../rules/window-scan.ts'
import { ofAmounts } from '../segments/explainable.ts'

/** Revenue below its baseline: fewer purchases, or purchases of less value. */
export const revenueDrop = defineKind({
  kind: 'revenue_drop',
  metric: 'revenue',
  summary: 'Revenue is well below its baseline.',
  adviceOn(found, t = english) {
    const key = adviceKeys[causeOf(found.value / found.expected, sharesIn(found))]
    return segmentAdvice(found, t) ?? (key && t(key))
  },
  area: 'revenue',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  foundInSegments: true,
  explainable: ofAmounts('money'),
  tuning: {
    key: 'drop',
    stricter: 'higher',
    unit: 'share',
    finds: 'purchases',
    beside: ['traffic_spike', 'data_loss']
  },
  options: section(
    {
      ...scanning(),
      /** Share below the baseline. */
      drop: part(0.3),
      severity: severity('high'),
      raise_drop: ladder(share, { critical: 0.5 })
    },
    (value, issue) => checkLadder(issue, 'raise_drop', value.severity, value.drop, value.raise_drop)
  ),
  create(series, options) {
    const purchases = series.terms('revenue')
    const value = series.mean('revenue')
    const measure = amountOf(purchases, value, series.mean('revenue', greatestUsual))
    const events = countOf(series.count('events'))
    const orders = countOf(series.per('orders', 'events'))
    const faultIn = risenFault(series)
    const longest = Math.max(...options.spans)
    const scan = dropScan(measure, options.drop, options)
    return {
      trainedWindows: () => Math.min(purchases.trainedWindows(), value.trainedWindows()),
      watches: [watchOf('revenue', scan)],
      judge({ figure }, earlier) {
        const rule = droppedBy(options.drop)
        const found = scanWindows(scan)
        if (!found) return undefined
        if (!isBelowBeforeRise({ measure, rule, span: found.span, longest }, earlier)) return undefined
        const { observed, expected } = found.measured
        const drop = 1 - observed / expected
        const traffic = shareLeft(events(whole(found.span)))
        const ordersEach = shareLeft(orders(whole(found.span)))
        const ordersLeft = traffic === null || ordersEach === null ? null : traffic * ordersEach
        const cause = causeOf(observed / expected, { ordersLeft, trafficLeft: traffic })
        const fault = faultIn(whole(found.span), figure)
        const basic = amountFound(found)
        return {
          ...basic,
          metric: 'revenue',
          severity: severityOfDrop(options.severity, options.raiseDrop, found.measured),
          measure,
          said: [
            phrase('finding.revenue_drop.dropped', {
              drop: figure.share(drop),
              expected: figure.money(expected),
              observed: figure.money(observed),
              span: figure.span(found.span)
            }),
            suspicion(cause, fault)
          ],
          evidence: {
            ...basic.evidence,
            orders_share: ordersLeft && Math.round(ordersLeft * 1_000) / 1_000,
            events_share: traffic,
            price_fault: fault ? inEnglish([fault]) : null
          },
          excludeFromTraining: ['revenue', 'orders', 'average_order_value']
        }
      }
    }
  }
})

function shareLeft(measured: { observed: number; expected: number } | undefined): number | null {
  return measured && measured.expected > 0
    ? Math.round((measured.observed / measured.expected) * 1_000) / 1_000
    : null
}

type Cause = 'traffic' | 'prices' | 'payment'

interface Left {
  readonly ordersLeft: number | null
  readonly trafficLeft: number | null
}

function causeOf(revenueLeft: number, { ordersLeft, trafficLeft }: Left): Cause {
  if (trafficLeft !== null && trafficLeft < 0.6) return 'traffic'
  return ordersLeft !== null && ordersLeft > 0.8 && revenueLeft < 0.75 * ordersLeft ? 'prices' : 'payment'
}

function sharesIn({ evidence }: Advised): Left {
  const shareOf = (name: string) => {
    const share = evidence[name]
    return typeof share === 'number' ? share : null
  }
  return { ordersLeft: shareOf('orders_share'), trafficLeft: shareOf('events_share') }
}

const suspicion = (cause: Cause, fault: Phrase | undefined): Phrase =>
  cause === 'prices' && fault
    ? phrase('finding.revenue_drop.fault', { fault })
    : phrase(`finding.revenue_drop.${cause}`)

const adviceKeys: Readonly<Partial<Record<Cause, string>>> = {
  traffic: 'advice.shop_gone',
  prices: 'advice.prices'
}
