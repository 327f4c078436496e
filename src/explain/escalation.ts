import { dueAt, isTaken } from '../incident/escalation.ts'
import { silencedMs } from '../incident/silences.ts'
import type { Silence, StoredIncident } from '../incident/types.ts'
import type { EscalationLevel } from '../routing/escalation.ts'
import type { Routing } from '../routing/router.ts'
import { shownTime } from '../time/shown-time.ts'

interface EscalationFacts {
  readonly incident: StoredIncident
  readonly routing: Routing
  /** All silences, ended ones too. */
  readonly silences: readonly Silence[]
  readonly isSilenced: boolean
  readonly nowMs: number
}

/** What an incident's escalation does next, a line each; none where it has none. */
export function nextLevels({
  incident,
  routing,
  silences,
  isSilenced,
  nowMs
}: EscalationFacts): readonly string[] {
  const { escalation, acknowledged } = incident
  if (escalation === undefined) {
    const policy = routing.policyOf(incident, nowMs)
    return policy === undefined ? [] : [`the escalation ${policy} begins once somebody is notified`]
  }
  const { policy } = escalation
  const levels = routing.levelsOf(policy)
  const left = levels
    .map((level, at) => ({ level, number: at + 1 }))
    .filter(({ number }) => !isTaken(escalation, number))
  if (levels.length === 0) return [`the escalation ${policy} is no longer in the configuration`]
  if (left.length === 0) return [`no further escalation: all levels of ${policy} were taken`]
  if (acknowledged !== null)
    return [
      `no further escalation by ${policy}: ${acknowledged.by} acknowledged it (cartwatch escalate takes the next level)`
    ]
  if (isSilenced) return [`the escalation ${policy} goes on once the silence has ended`]
  const pausedMs = silencedMs(() => silences, routing, incident)
  return left.map(({ level, number }) => {
    const at = dueAt(escalation, number, levels, { nowMs, pausedMs })
    const when =
      at === null ? 'once somebody is notified' : at <= nowMs ? 'as soon as it may be' : `at ${shownTime(at)}`
    return `level ${number} of ${levels.length} of the escalation ${policy} ${when}: ${levelText(level)}`
  })
}

/** Whom a level notifies, and on what condition. */
export function levelText({ receivers, mention, onlyIfUndelivered, when }: EscalationLevel): string {
  return [
    receivers.join(', '),
    ...(mention.length > 0 ? [`mentions ${mention.join(', ')}`] : []),
    ...(onlyIfUndelivered ? ['only if no receiver has taken a notification'] : []),
    ...(when.length > 0 ? [`in the hours ${when.join(', ')}`] : [])
  ].join('; ')
}
