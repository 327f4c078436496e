import { type Severity, severities } from '../../detectors/types.ts'

/** Greater is graver. */
export const rank = (severity: Severity): number => severities.indexOf(severity)

export const graver = (a: Severity, b: Severity): Severity => (rank(b) > rank(a) ? b : a)
