import type { AuditEvent } from '../audit/row.ts'
import type { OperatorAction } from '../incident/types.ts'

/** What a person did, for the audit log. Reasons are not in it: they are a person's text. */
export function eventOfAction({
  id,
  action,
  at,
  by,
  via,
  incidentId,
  severity,
  level,
  label,
  silence
}: OperatorAction): AuditEvent {
  const ofSilence = silence && {
    match: silence.matchers,
    starts_at: new Date(silence.startsAt).toISOString(),
    ends_at: new Date(silence.endsAt).toISOString()
  }
  const details = {
    action: id,
    ...(severity && { severity }),
    ...(level && { level }),
    ...(label && { label: label.verdict }),
    ...ofSilence
  }
  return { action, at, actor: by, via, subject: incidentId ?? silence?.id ?? '', details }
}
