import { z } from 'zod'
import { phrase } from '../../src/language/phrase.ts'
import { shareFound } from '../detector.ts'
import { defineKind } from '../kind.ts'
import { segmentAdvice } from '../rules/advice.ts'
import { levelOf } from '../rules/measurement.ts'
import { part, scanning, section, severity } from '../rules/options.ts'
import { droppedBy, roseTo } from '../rules/thresholds.ts'
import { shareValue, watchOf } from '../rules/watch.ts'
import { type ScanOptions, scanWindows } from '../rules/window-scan.ts'

/** Prices far from usual, even of some lines only: by their geometric mean, which large orders hardly move. */
export const orderValueShift = defineKind({
  kind: 'order_value_shift',
  metric: 'price_level',
  summary: 'The prices of what is bought are far above or below usual.',
  adviceOn: segmentAdvice,
  area: 'revenue',
  about: 'shop',
  source: 'windows',
  symptomOf: 'missing_events',
  tuning: { key: 'fall', stricter: 'lower', unit: 'share', finds: 'prices' },
  options: section({
    ...scanning(),
    /** The price level at this many times its baseline, or at this share of it. */
    rise: z.number().gt(1).default(2),
    fall: part(0.5),
    severity: severity('medium')
  }),
  create(series, options) {
    const logs = series.logs('price_level')
    const shared = { measure: levelOf(logs), span: { ...options, maxPValue: options.maxPValue / 2 } }
    const fall: ScanOptions = {
      ...shared,
      direction: 'drop',
      rule: droppedBy(1 - options.fall),
      mildRule: droppedBy(1 - Math.sqrt(options.fall))
    }
    const rise: ScanOptions = {
      ...shared,
      direction: 'rise',
      rule: roseTo(options.rise),
      mildRule: roseTo(Math.sqrt(options.rise))
    }
    return {
      trainedWindows: logs.trainedWindows,
      watches: [fall, rise].map(scan => watchOf('price_level', scan, shareValue)),
      judge({ figure }) {
        const found = scanWindows(fall) ?? scanWindows(rise)
        if (!found) return undefined
        const basic = shareFound(found)
        const { value: now, expected: usual } = basic
        return {
          ...basic,
          metric: 'price_level',
          scale: { unit: 'money' },
          severity: options.severity,
          said: [
            phrase(`finding.order_value_shift.${now < usual ? 'fell' : 'rose'}`, {
              now: figure.money(now),
              lines: figure.count(found.measured.exposure),
              span: figure.span(found.span),
              usual: figure.money(usual)
            }),
            phrase('finding.order_value_shift.possible')
          ],
          excludeFromTraining: ['price_level', 'revenue', 'average_order_value']
        }
      }
    }
  }
})
