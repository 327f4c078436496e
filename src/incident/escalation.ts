import type { EscalationLevel } from '../routing/escalation.ts'
import type { Routing } from '../routing/router.ts'
import { dedupKeyOf } from './ids.ts'
import { ofReceiver, sizeOf, withNotified } from './last-notified.ts'
import { noReceiver } from './notification.ts'
import type { NotificationLog } from './notification-log.ts'
import type { Escalation, StoredIncident } from './types.ts'

/**
 * The incident with the policy that its route names. Where the severity rose, the policy is chosen anew and begins at its
 * first level; else it stays as long as the configuration has it, whatever hour it is.
 */
export function withPolicy(incident: StoredIncident, routing: Routing, nowMs: number): StoredIncident {
  const { severity, escalation: before } = incident
  const stays = before?.severity === severity && routing.levelsOf(before.policy).length > 0
  const policy = stays ? before.policy : routing.policyOf(incident, nowMs)
  if (policy === undefined) return incident
  const levels = routing.levelsOf(policy).length
  if (levels === 0) return incident
  if (stays && before.levels === levels) return incident
  const { since, taken } = stays ? before : { since: null, taken: [] }
  return {
    ...incident,
    escalation: {
      ...{ policy, levels, severity, since, taken },
      receivers: before?.receivers ?? [],
      asked: before?.asked ?? []
    }
  }
}

/** With the levels that an earlier run took, where it stored their notifications but not the incident. */
export function withLoggedLevels(incident: StoredIncident, log: NotificationLog): StoredIncident {
  const { escalation } = incident
  if (escalation === undefined) return incident
  const logged = log.levels(incident.id, escalation.severity)
  let state = incident
  for (const { level, at, by, receiver, windowEnd, isPage } of logged) {
    if (isTaken(escalation, level)) continue
    state = withLevel(state, { level, at, by }, [receiver])
    if (!isPage && (ofReceiver(state.lastNotified, receiver)?.at ?? at) <= at)
      state = withNotified(state, receiver, { ...sizeOf(state), windowEnd, at })
  }
  return state
}

/** Once somebody was notified at its severity, the time counts. */
export function withStart(incident: StoredIncident, log: NotificationLog, nowMs: number): StoredIncident {
  const { escalation } = incident
  if (escalation === undefined || escalation.since !== null) return incident
  const times = [...messageTimes(incident), ...pageTimes(incident, log, nowMs)]
  return times.length === 0
    ? incident
    : { ...incident, escalation: { ...escalation, since: Math.min(...times) } }
}

/** What was taken over from the incident before counts from the opening of this one. */
const messageTimes = ({ lastNotified, severity, openedAt }: StoredIncident): number[] =>
  Object.entries(lastNotified)
    .filter(([receiver, last]) => receiver !== noReceiver && last.severity === severity)
    .map(([, last]) => (last.windowEnd >= openedAt ? last.at : openedAt))

function pageTimes(incident: StoredIncident, log: NotificationLog, nowMs: number): number[] {
  const { id, severity, pages, dedupKey, dedupReceivers } = incident
  if (dedupKey !== dedupKeyOf(id, severity, pages)) return []
  return dedupReceivers.map(receiver => log.notified(`${dedupKey}|trigger`, receiver)?.at ?? nowMs)
}

/** Takes a level: a level that is there already, taken by an earlier run, gets the receiver added. */
export function withLevel(
  incident: StoredIncident,
  taken: Escalation['taken'][number],
  receivers: readonly string[]
): StoredIncident {
  const { escalation } = incident
  if (escalation === undefined) return incident
  return {
    ...incident,
    escalation: {
      ...escalation,
      taken: isTaken(escalation, taken.level) ? escalation.taken : [...escalation.taken, taken],
      receivers: [...new Set([...escalation.receivers, ...receivers])]
    }
  }
}

/**
 * When a level's time comes, in milliseconds by the wall clock; null as long as nobody was notified. Times in which the
 * incident was silenced do not count. Levels keep their distances: where several are overdue, as after a restart, they go
 * one after the other.
 */
export function dueAt(
  { since, taken }: Escalation,
  number: number,
  levels: readonly EscalationLevel[],
  { nowMs, pausedMs }: { readonly nowMs: number; readonly pausedMs: (fromMs: number, toMs: number) => number }
): number | null {
  if (since === null) return null
  const afterMs = (level: number) => levels[level - 1]?.afterMs ?? 0
  const earlier = taken.filter(({ level }) => level < number)
  const from = [
    { at: since, gapMs: afterMs(number) },
    ...earlier.map(({ level, at }) => ({ at, gapMs: afterMs(number) - afterMs(level) }))
  ]
  return Math.max(...from.map(({ at, gapMs }) => at + gapMs + pausedMs(at, nowMs)))
}

/** Whether a level, counted from 1, was taken at this severity. */
export const isTaken = ({ taken }: Pick<Escalation, 'taken'>, number: number): boolean =>
  taken.some(({ level }) => level === number)

/** The highest level that was taken, counted from 1; 0 where none was. */
export const levelOf = ({ taken }: Escalation): number => Math.max(0, ...taken.map(({ level }) => level))

/** The level after those that were taken; null where none is left. */
export const nextLevelOf = (escalation: Escalation): number | null =>
  levelOf(escalation) < escalation.levels ? levelOf(escalation) + 1 : null
