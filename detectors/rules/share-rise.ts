import { z } from 'zod'
import type { Series } from '../baseline/series.ts'
import { type Detector, shareFound } from '../detector.ts'
import type { Severity } from '../types.ts'
import { type Measure, shareOf } from './measurement.ts'
import { part, scanning, severity } from './options.ts'
import { allOf, isMoreThan, roseTo } from './thresholds.ts'
import { type ScanHit, type SpanOptions, scanWindows } from './window-scan.ts'

/** The keys of a kind for a share that is well above both a bound and its baseline. */
export const rising = (above: number, factor: number, spans?: readonly number[]) => ({
  ...scanning(2, spans),
  /** The share must be above this and at least `factor` times its baseline. */
  above: part(above),
  factor: z.number().min(1).default(factor),
  severity: severity('medium')
})

export type ShareRiseOptions = SpanOptions & { readonly above: number; readonly factor: number }

export function scanShareRise(measure: Measure, options: ShareRiseOptions): ScanHit | undefined {
  return scanWindows({
    direction: 'rise',
    measure,
    rule: allOf(isMoreThan(options.above), roseTo(options.factor)),
    mildRule: isMoreThan(options.above / 2),
    span: options
  })
}

/** A share now and usually, of how many, over which span: as texts. */
export interface ShareTexts {
  readonly now: string
  readonly usual: string
  readonly of: string
  readonly span: string
}

/** The detector of a share that rises; `details` makes a finding's sentence. */
export function shareRiseDetector(
  metric: string,
  rate: Series,
  options: ShareRiseOptions & { readonly severity: Severity },
  details: (texts: ShareTexts) => string
): Detector {
  const measure = shareOf(rate)
  return {
    trainedWindows: rate.trainedWindows,
    judge({ smallShare, count, span }) {
      const hit = scanShareRise(measure, options)
      if (!hit) return undefined
      const found = shareFound(hit)
      const [now, usual] = [smallShare(found.value), smallShare(found.expected)]
      const texts = { now, usual, of: count(hit.measured.exposure), span: span(hit.span) }
      return { ...found, metric, severity: options.severity, details: details(texts) }
    }
  }
}
