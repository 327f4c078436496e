import type { AuditEvent } from '../audit/row.ts'
import type { OperatorAction } from '../incident/types.ts'

/** What a person did, for the audit log. The reason of a silence is not in it: it is a person's text. */
export function eventOfAction({
  id,
  action,
  at,
  by,
  via,
  incidentId,
  severity,
  level,
  silence
}: OperatorAction): AuditEvent {
  const ofSilence = silence && {
    match: silence.matchers,
    starts_at: new Date(silence.startsAt).toISOString(),
    ends_at: new Date(silence.endsAt).toISOString()
  }
  const details = { action: id, ...(severity && { severity }), ...(level && { level }), ...ofSilence }
  return { action, at, actor: by, via, subject: incidentId ?? silence?.id ?? '', details }
}
