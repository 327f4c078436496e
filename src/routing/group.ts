import { createHash } from 'node:crypto'

/** How a group chooses the member that is notified of an incident. */
export const picks = ['round_robin', 'weighted', 'least_waiting'] as const

/** Receivers that share incidents: each incident goes to one of them. */
export interface ReceiverGroup {
  /** At least one, in the order of the configuration. */
  readonly members: readonly [Member, ...Member[]]
  readonly pick: (typeof picks)[number]
}

export interface Member {
  readonly receiver: string
  /** More than 0; counts for `weighted` only. */
  readonly weight: number
}

/** What is known of a receiver now. */
export interface ReceiverLoad {
  /** Its circuit breaker is open. */
  readonly isBlocked: boolean
  /** Notifications that wait for it. */
  readonly waiting: number
}

/** An incident and what was done about it. */
export interface Assignment {
  /** The same whenever the incident is asked about, also after a restart. */
  readonly key: string
  /** The receiver was notified of the incident, or would have been but for a silence or another incident. */
  readonly isAssigned: (receiver: string) => boolean
  /** It was brought in by an escalation: another member that has the incident keeps it. */
  readonly isBroughtIn?: (receiver: string) => boolean
}

/**
 * The member that an incident goes to. The one that has it keeps it. Otherwise the order of the members is a hash of the
 * incident, so that it is the same after a crash, and the first one whose circuit breaker is closed takes it.
 */
export function memberFor(
  { members, pick }: ReceiverGroup,
  { key, isAssigned, isBroughtIn = () => false }: Assignment,
  loadOf: (receiver: string) => ReceiverLoad
): string {
  const assigned = members.filter(({ receiver }) => isAssigned(receiver))
  const [keeper] = [...assigned.filter(({ receiver }) => !isBroughtIn(receiver)), ...assigned]
  if (keeper) return keeper.receiver
  const ordered = members
    .map(({ receiver, weight }) => ({
      receiver,
      load: loadOf(receiver),
      score: scoreOf(`${key} ${receiver}`, pick === 'weighted' ? weight : 1)
    }))
    .sort((one, other) => other.score - one.score)
  const open = ordered.filter(({ load }) => !load.isBlocked)
  const candidates = open.length > 0 ? open : ordered
  const least = Math.min(...candidates.map(({ load }) => load.waiting))
  const chosen =
    pick === 'least_waiting' ? candidates.find(({ load }) => load.waiting === least) : candidates[0]
  return (chosen ?? members[0]).receiver
}

/**
 * The member with the highest score wins with a probability of its share of the weights, and a member that comes or goes
 * moves only incidents to or from itself (weighted rendezvous hashing).
 */
function scoreOf(text: string, weight: number): number {
  const drawn = (createHash('sha256').update(text).digest().readUIntBE(0, 6) + 1) / (2 ** 48 + 1)
  return -weight / Math.log(drawn)
}

/** A group with those of whom one is notified; a receiver as it is. */
export function withMembers(name: string, groups: ReadonlyMap<string, ReceiverGroup>): string {
  const group = groups.get(name)
  return group ? `${name} (one of ${group.members.map(({ receiver }) => receiver).join(', ')})` : name
}
