import type { Rule } from './window-scan.ts'

/** At least this share below what was expected. */
export const droppedBy =
  (share: number): Rule =>
  ({ observed, expected }) =>
    observed <= expected * (1 - share)

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
