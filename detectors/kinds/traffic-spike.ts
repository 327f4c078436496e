import { z } from 'zod'
import { phrase } from '../../src/language/phrase.ts'
import type { RegisteredSeries } from '../baseline/series-registry.ts'
import { amountFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { countOf, type Measure, type Measured } from '../rules/measurement.ts'
import { checkLadder, ladder, part, positive, scanning, section, severity } from '../rules/options.ts'
import { newest, whole } from '../rules/ranges.ts'
import { severityOf } from '../rules/severity.ts'
import { allOf, roseTo, zScoreBeyond } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { watchOf } from '../rules/watch.ts'
import { type ScanOptions, scanWindows } from '../rules/window-scan.ts'
import { ofAmounts } from '../segments/explainable.ts'

/** More events than usual. Where orders or cart adds rise with them it is a good day, not a flood. */
export const trafficSpike = defineKind({
  kind: 'traffic_spike',
  metric: 'events',
  summary: 'Far more events than usual.',
  area: 'technical',
  about: 'shop',
  source: 'windows',
  explainable: ofAmounts('events'),
  tuning: { key: 'least_rise', stricter: 'higher', unit: 'share', beside: ['data_loss'] },
  options: section(
    {
      ...scanning({ minWindows: 3 }),
      z_score: positive(3),
      /** A smaller rise, as a share of the baseline, is none. */
      least_rise: share.refine(value => value >= 0, 'a share of at least 0%').default(0.3),
      severity: severity('medium'),
      raise_z_score: ladder(z.number(), { high: 4 }),
      /** Where orders or cart adds rise with at least this share of the traffic's own rise (in logarithms), it is a good day. */
      good_day_share: part(0.4),
      good_day_severity: severity('low')
    },
    (value, issue) => checkLadder(issue, 'raise_z_score', value.severity, value.z_score, value.raise_z_score)
  ),
  create(series, options) {
    const measure = floodOf(series)
    const orders = countOf(series.per('orders', 'events'))
    const cartAdds = countOf(series.per('cart_adds', 'events'))
    /** Carts come a minute or two after the visits that fill them: at first only the newest windows show them. */
    function followsLately(perEvent: Measure, span: number, rise: number): boolean | undefined {
      const lately = follows(perEvent(newest(span, Math.ceil(span / 3))), rise, options.goodDayShare)
      return lately === true ? true : follows(perEvent(whole(span)), rise, options.goodDayShare)
    }

    /** The longest span that the rise lasts for: more windows show more clearly what it is. */
    function longestRise(span: number, rise: number): number {
      return options.spans.reduce((longest, longer) => {
        const measured = longer > longest ? measure(whole(longer)) : undefined
        return measured && measured.observed / measured.expected >= rise ** 0.7 ? longer : longest
      }, span)
    }

    const scan: ScanOptions = {
      direction: 'rise',
      measure,
      rule: allOf(zScoreBeyond(options.zScore), roseTo(1 + options.leastRise)),
      mildRule: zScoreBeyond(options.zScore / 3),
      span: options
    }
    return {
      trainedWindows: series.count('events').trainedWindows,
      watches: [watchOf('events', scan)],
      judge({ figure }) {
        const found = scanWindows(scan)
        if (!found) return undefined
        const { measured, span } = found
        const { observed, expected } = measured
        const rise = observed / expected
        const lasting = longestRise(span, rise)
        const ordersFollow = followsLately(orders, lasting, rise)
        const cartsFollow = followsLately(cartAdds, lasting, rise)
        const known = [ordersFollow, cartsFollow].filter(answer => answer !== undefined)
        const isGood = known.length === 0 || known.includes(true)
        const severity = severityOf(options.severity, options.raiseZScore, measured.zScore())
        const basic = amountFound(found)
        return {
          ...basic,
          metric: 'events',
          severity: isGood ? options.goodDaySeverity : severity,
          measure,
          said: [
            phrase(rise < 1_000 ? 'finding.traffic_spike.rose' : 'finding.traffic_spike.rose_far', {
              rise: { unit: 'times', value: rise },
              expected: figure.count(expected),
              observed: figure.count(observed),
              span: figure.span(span)
            }),
            phrase(`finding.traffic_spike.${known.length === 0 ? 'unknown' : isGood ? 'good_day' : 'bots'}`)
          ],
          evidence: {
            ...basic.evidence,
            orders_follow: ordersFollow ?? null,
            cart_adds_follow: cartsFollow ?? null
          },
          // Of a flood, what is counted for each of its events or visits says nothing either.
          excludeFromTraining: isGood
            ? ['events', 'visits']
            : ['events', 'visits', 'orders', 'cart_adds', 'conversion_rate']
        }
      }
    }
  }
})

/** Fewer events than this share of the day's mean are few for the shop, however quiet the hour. */
const fewOfDay = 0.25
/** How much less improbable than the events the visits may be. */
const visitsWeight = 0.006

/**
 * One crawler in a quiet night is no flood: where the events are few for the shop, the visits have to be improbable too.
 */
function floodOf(series: RegisteredSeries): Measure {
  const events = series.count('events')
  const ofEvents = countOf(events)
  const ofVisits = countOf(series.further('visits'))
  return function floodMeasure(range) {
    const measured = ofEvents(range)
    if (!measured || measured.observed > fewOfDay * events.meanOfDay() * measured.windows) return measured
    const visitors = ofVisits(range)
    if (!visitors) return measured
    return {
      ...measured,
      probability: (direction, value) =>
        Math.max(measured.probability(direction, value), visitsWeight * visitors.probability(direction))
    }
  }
}

/** Orders and carts need to be this improbable, had they kept up, for their counts to say anything. */
const telling = 0.01

/**
 * Whether a count per event kept up with a rise of the events; undefined where there are too few to say. They keep up
 * where they rise with at least `share` of it, in logarithms.
 */
function follows(perEvent: Measured | undefined, rise: number, share: number): boolean | undefined {
  if (!perEvent) return undefined
  const { observed, expected } = perEvent
  if (perEvent.probability('drop', expected / rise) > telling) return undefined
  return (rise * observed) / expected >= rise ** share
}
