import { type Ladder, type Severity, severities } from '../types.ts'

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
