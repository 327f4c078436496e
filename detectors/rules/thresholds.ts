import type { Measure, Measured } from './measurement.ts'
import type { Rule, ScanOptions, SpanOptions } from './window-scan.ts'

/** At least this share below what was expected. */
export const droppedBy =
  (share: number): Rule =>
  ({ observed, expected }) =>
    observed <= expected * (1 - share)

/** More than this share of all. */
export const isMoreThan =
  (share: number) =>
  ({ observed, exposure }: Pick<Measured, 'observed' | 'exposure'>): boolean =>
    observed > share * exposure

/** At least this many times what was expected. */
export const roseTo =
  (factor: number): Rule =>
  ({ observed, expected }) =>
    observed >= expected * factor

/** At least this many standard deviations above (or, negative, below) what was expected. */
export const zScoreBeyond =
  (threshold: number): Rule =>
  measured =>
    threshold < 0 ? measured.zScore() <= threshold : measured.zScore() >= threshold

export const allOf =
  (...rules: readonly Rule[]): Rule =>
  measured =>
    rules.every(rule => rule(measured))

/** A drop by at least this share; half of it is enough where the rule is milder. */
export const dropScan = (measure: Measure, drop: number, span: SpanOptions): ScanOptions => ({
  direction: 'drop',
  measure,
  rule: droppedBy(drop),
  mildRule: droppedBy(drop / 2),
  span
})
