import { z } from 'zod'
import { phrase } from '../../src/language/phrase.ts'
import { amountFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import { countOf } from '../rules/measurement.ts'
import { checkLadder, ladder, positive, scanning, section, severity } from '../rules/options.ts'
import { isBelowBeforeRise } from '../rules/rebound-guard.ts'
import { moreSevere, severityOf, severityOfDrop } from '../rules/severity.ts'
import { allOf, droppedBy, zScoreBeyond } from '../rules/thresholds.ts'
import { share } from '../rules/units.ts'
import { watchOf } from '../rules/watch.ts'
import { type ScanOptions, scanWindows } from '../rules/window-scan.ts'
import { ofAmounts } from '../segments/explainable.ts'
import type { Severity } from '../types.ts'

/** Fewer events than usual. */
export const trafficDrop = defineKind({
  kind: 'traffic_drop',
  metric: 'events',
  summary: 'Far fewer events than usual.',
  adviceOn: segmentAdvice,
  area: 'technical',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  // Revenue follows traffic.
  inhibits: { kind: 'revenue_drop', deeperBy: 0.15, deeperByOnceInhibited: 0.3 },
  foundInSegments: true,
  explainable: ofAmounts('events'),
  tuning: {
    key: 'least_drop',
    stricter: 'higher',
    unit: 'share',
    finds: 'visitors',
    beside: ['traffic_spike', 'data_loss']
  },
  options: section(
    {
      ...scanning(),
      z_score: positive(3),
      /** A smaller drop, as a share of the baseline, is none. */
      least_drop: share
        .refine(value => value >= 0 && value < 1, 'a share of at least 0% and below 100%')
        .default(0.3),
      severity: severity('medium'),
      raise_z_score: ladder(z.number(), { high: 4 }),
      raise_drop: ladder(share, { critical: 0.8 })
    },
    (value, issue) => {
      checkLadder(issue, 'raise_z_score', value.severity, value.z_score, value.raise_z_score)
      checkLadder(issue, 'raise_drop', value.severity, 0, value.raise_drop)
    }
  ),
  create(series, options) {
    const events = series.count('events')
    const measure = countOf(events)
    const purchases = series.purchaseShare()
    const longest = Math.max(...options.spans)
    /** Of a stream of purchases alone, revenue says it. */
    const isOfPurchases = () => (purchases.compare(longest)?.rate ?? 0) >= allPurchases
    const scan: ScanOptions = {
      direction: 'drop',
      measure,
      rule: allOf(zScoreBeyond(-options.zScore), droppedBy(options.leastDrop)),
      mildRule: zScoreBeyond(-options.zScore / 3),
      span: options
    }
    return {
      trainedWindows: events.trainedWindows,
      watches: [watchOf('events', scan)],
      judge({ figure }, earlier) {
        const found = scanWindows(scan)
        if (!found || isOfPurchases()) return undefined
        const { measured, span } = found
        if (!isBelowBeforeRise({ measure, rule: droppedBy(options.leastDrop), span, longest }, earlier))
          return undefined
        const { observed, expected } = measured
        const drop = 1 - observed / expected
        const severity: Severity = moreSevere(
          severityOf(options.severity, options.raiseZScore, -measured.zScore()),
          severityOfDrop(options.severity, options.raiseDrop, measured)
        )
        return {
          ...amountFound(found),
          metric: 'events',
          severity,
          measure,
          said: [
            phrase('finding.traffic_drop.dropped', {
              drop: figure.share(drop),
              expected: figure.count(expected),
              observed: figure.count(observed),
              span: figure.span(span)
            }),
            phrase('finding.traffic_drop.possible')
          ],
          excludeFromTraining: ['events', 'visits']
        }
      }
    }
  }
})

/** So many of the events are purchases where there is nothing else. */
const allPurchases = 0.9
