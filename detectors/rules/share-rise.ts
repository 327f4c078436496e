import { z } from 'zod'
import type { SpanOptions } from '../types.ts'
import type { Measure } from './measurement.ts'
import { part, scanning, severity } from './options.ts'
import { roseTo } from './thresholds.ts'
import { type Rule, type ScanHit, scanWindows } from './window-scan.ts'

/** The keys of a kind for a share that is well above both a bound and its baseline. */
export const rising = (above: number, factor: number, spans?: readonly number[]) => ({
  ...scanning(2, spans),
  /** The share must be above this and at least `factor` times its baseline. */
  above: part(above),
  factor: z.number().min(1).default(factor),
  severity: severity('medium')
})

type ShareRiseOptions = Omit<SpanOptions, 'enabled'> & { readonly above: number; readonly factor: number }

const frequent =
  (above: number): Rule =>
  ({ observed, exposure }) =>
    observed > above * exposure

export function scanShareRise(measure: Measure, options: ShareRiseOptions): ScanHit | undefined {
  const risen = roseTo(options.factor)
  const isFrequent = frequent(options.above)
  return scanWindows({
    direction: 'rise',
    measure,
    rule: measured => isFrequent(measured) && risen(measured),
    mildRule: frequent(options.above / 2),
    span: options
  })
}
