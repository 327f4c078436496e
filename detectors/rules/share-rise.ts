import { z } from 'zod'
import type { Figure, Said } from '../../src/language/phrase.ts'
import type { Series } from '../baseline/series.ts'
import { type Detector, shareFound } from '../detector.ts'
import type { Severity } from '../types.ts'
import { type Measure, shareOf } from './measurement.ts'
import { part, scanning, severity } from './options.ts'
import { allOf, isMoreThan, roseTo } from './thresholds.ts'
import { shareValue, watchOf } from './watch.ts'
import { type ScanOptions, type SpanOptions, scanWindows } from './window-scan.ts'

/** The keys of a kind for a share that is well above both a bound and its baseline. */
export const rising = (above: number, factor: number, spans?: readonly number[]) => ({
  ...scanning({ spans }),
  /** The share must be above this and at least `factor` times its baseline. */
  above: part(above),
  factor: z.number().min(1).default(factor),
  severity: severity('medium')
})

export type ShareRiseOptions = SpanOptions & { readonly above: number; readonly factor: number }

export const shareRiseScan = (measure: Measure, options: ShareRiseOptions): ScanOptions => ({
  direction: 'rise',
  measure,
  rule: allOf(isMoreThan(options.above), roseTo(options.factor)),
  mildRule: isMoreThan(options.above / 2),
  span: options
})

/** A share now and usually, of how many, over which span. */
export type ShareFigures = Readonly<Record<'now' | 'usual' | 'of' | 'span', Figure>>

/** The detector of a share that rises; `says` makes a finding's sentence. */
export function shareRiseDetector(
  metric: string,
  rate: Series,
  options: ShareRiseOptions & { readonly severity: Severity },
  says: (figures: ShareFigures) => Said
): Detector {
  const scan = shareRiseScan(shareOf(rate), options)
  return {
    trainedWindows: rate.trainedWindows,
    watches: [watchOf(metric, scan, shareValue)],
    judge({ figure }) {
      const hit = scanWindows(scan)
      if (!hit) return undefined
      const found = shareFound(hit)
      const figures = {
        now: figure.smallShare(found.value),
        usual: figure.smallShare(found.expected),
        of: figure.count(hit.measured.exposure),
        span: figure.span(hit.span)
      }
      return { ...found, metric, severity: options.severity, said: says(figures) }
    }
  }
}
