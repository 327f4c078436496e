import { type Ladder, type Severity, severities } from '../types.ts'
import type { Measured } from './measurement.ts'

/** A higher rank is more severe. */
export const rank = (severity: Severity): number => severities.indexOf(severity)

export const isAbove = (a: Severity, b: Severity): boolean => rank(a) > rank(b)

export const moreSevere = (a: Severity, b: Severity): Severity => (isAbove(b, a) ? b : a)

/** The highest severity that `measure` reaches, at least `base`. */
export function severityOf(base: Severity, ladder: Ladder, measure: number): Severity {
  return ladder.reduce(
    (severity, rung) => (measure >= rung.from ? moreSevere(severity, rung.severity) : severity),
    base
  )
}

/** A true level this improbable is no reason for a severity. */
const improbable = 0.02

/**
 * The highest severity whose drop is reached for certain: what was seen would be improbable if the level were only that
 * far down. So a lesser drop is not graver for one unlucky minute.
 */
export function severityOfDrop(base: Severity, ladder: Ladder, measured: Measured): Severity {
  const { observed, expected } = measured
  const isCertain = (drop: number) =>
    drop >= 1 || measured.probability('drop', observed / (1 - drop)) <= improbable
  const drop = 1 - observed / expected
  return ladder.reduce(
    (severity, rung) =>
      drop >= rung.from && isCertain(rung.from) ? moreSevere(severity, rung.severity) : severity,
    base
  )
}
