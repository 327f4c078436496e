import { type Severity, severities } from '../../detectors/types.ts'

/** A higher rank is more severe. */
export const rank = (severity: Severity): number => severities.indexOf(severity)

export const moreSevere = (a: Severity, b: Severity): Severity => (rank(b) > rank(a) ? b : a)
