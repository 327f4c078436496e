import { isAbove } from '../../detectors/rules/severity.ts'
import type { Severity } from '../../detectors/types.ts'
import { takesOver } from '../incident/lifecycle.ts'
import type { OperatorAction, StoredIncident } from '../incident/types.ts'
import { type Asked, acknowledgement, matchersOf, silencing } from './actions.ts'
import type { Operating } from './operator.ts'

/** There is no such incident, or no open one. */
export type NotOpen =
  | { readonly kind: 'unknown' | 'ambiguous' }
  /** There is nothing left to do. */
  | { readonly kind: 'over'; readonly incident: StoredIncident }

export type Answered =
  | NotOpen
  | { readonly kind: 'done'; readonly incident: StoredIncident; readonly action: OperatorAction }
  /** It is already acknowledged at its present severity, and not taken over. */
  | { readonly kind: 'acknowledged'; readonly incident: StoredIncident; readonly by: string }
  /** It is more severe by now than what was seen. */
  | { readonly kind: 'graver'; readonly incident: StoredIncident }

/** Acknowledges an incident, by its id or the beginning of it, at the severity that was seen; null is the present one. */
export async function acknowledge(
  operating: Operating,
  id: string,
  seen: Severity | null,
  asked: Asked
): Promise<Answered> {
  const looked = await lookForAcknowledging(operating, id, seen)
  const before = looked.kind === 'acknowledged' ? looked.incident.acknowledged : null
  const isTakenOver = before !== null && takesOver(before, asked)
  if (looked.kind !== 'open' && !(looked.kind === 'acknowledged' && isTakenOver)) return looked
  const { incident } = looked
  const action = acknowledgement(incident, seen ?? incident.severity, asked)
  await operating.act(action)
  return { kind: 'done', incident, action }
}

/** Silences the kind and segment of an incident, at every severity, from now on for so long. */
export async function silenceIncident(
  operating: Operating,
  id: string,
  forMs: number,
  asked: Asked
): Promise<Answered> {
  const looked = await look(operating, id)
  if (looked.kind !== 'open') return looked
  const { incident } = looked
  const startsAt = asked.at
  const rest = {
    reason: `silenced with the incident ${incident.id.slice(0, 8)}`,
    startsAt,
    endsAt: startsAt + forMs
  }
  const action = silencing(operating.pipeline, { matchers: matchersOf(incident), ...rest }, asked)
  await operating.act(action)
  return { kind: 'done', incident, action }
}

interface Open {
  readonly kind: 'open'
  readonly incident: StoredIncident
}

type Looked = Exclude<Answered, { kind: 'done' }> | Open

/** What an acknowledgement of an incident would find. */
export async function lookForAcknowledging(
  operating: Operating,
  id: string,
  seen: Severity | null
): Promise<Looked> {
  const looked = await look(operating, id)
  if (looked.kind !== 'open') return looked
  const { incident } = looked
  if (incident.acknowledged) return { kind: 'acknowledged', incident, by: incident.acknowledged.by }
  if (seen !== null && isAbove(incident.severity, seen)) return { kind: 'graver', incident }
  return looked
}

/** The open incident of an id, or of the beginning of one. */
export async function look(operating: Operating, id: string): Promise<NotOpen | Open> {
  const [incident, ...others] = await operating.matching(id)
  if (incident === undefined) return { kind: 'unknown' }
  if (others.length) return { kind: 'ambiguous' }
  if (incident.status === 'resolved') return { kind: 'over', incident }
  return { kind: 'open', incident }
}
