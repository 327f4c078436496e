import { isAbove } from '../../detectors/rules/severity.ts'
import type { OperatorAction, StoredIncident } from './types.ts'

/**
 * The incident that an action acknowledges, as it is then; undefined where it acknowledges none that is open and not
 * acknowledged yet, or where the severity has risen above what the person saw.
 */
export function acknowledge(
  open: readonly StoredIncident[],
  { action, incidentId, severity, by, via, at }: OperatorAction
): StoredIncident | undefined {
  const incident = action === 'acknowledge' ? open.find(({ id }) => id === incidentId) : undefined
  if (!incident || incident.acknowledged) return undefined
  const seen = severity ?? incident.severity
  if (isAbove(incident.severity, seen)) return undefined
  return { ...incident, acknowledged: { by, via, at, severity: seen } }
}
