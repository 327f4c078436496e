import type { Ladder, Severity } from '../types.ts'

const order: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 }

export function worse(a: Severity, b: Severity): Severity {
  return order[a] >= order[b] ? a : b
}

/** The worst severity that `measure` reaches, at least `base`. */
export function severityOf(base: Severity, ladder: Ladder, measure: number): Severity {
  return ladder.reduce(
    (severity, rung) => (measure >= rung.from ? worse(severity, rung.severity) : severity),
    base
  )
}
