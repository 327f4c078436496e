import type { Clock } from '../../telemetry/clock.ts'
import { createLeases, type Lease } from '../lease.ts'
import type { PartitionKey } from '../partition.ts'

/** What this member of the group is doing. A lease ends with its state; restoring and then working are under one. */
export type MemberState =
  /** Outside the group; the partitions are those it had last. */
  | { readonly role: 'joining'; readonly partitions: readonly PartitionKey[]; readonly idleSince: number }
  /** Another member has every partition. */
  | { readonly role: 'standby'; readonly partitions: readonly [] }
  /** The partitions are ours; where they are read from is not known yet, or not committed. */
  | {
      readonly role: 'restoring'
      readonly partitions: readonly PartitionKey[]
      readonly lease: Lease
      readonly idleSince: number
    }
  | { readonly role: 'working'; readonly partitions: readonly PartitionKey[]; readonly lease: Lease }

export interface Membership {
  state(): MemberState
  /** From any state: out of the group, nothing may be asked of it before it is joined again. */
  leave(): void
  /** From any state: the group gave every partition to another member. */
  standBy(): void
  /** From any state: the partitions are ours, and where they are read from must be found out. */
  restore(partitions: readonly PartitionKey[]): Lease
  /** From restoring alone. */
  work(): void
}

/** The states of a group's member, and what ends a lease: a join, leaving the group, and beginning anew. */
export function createMembership(clock: Pick<Clock, 'now'>): Membership {
  const leases = createLeases()
  let state: MemberState = { role: 'joining', partitions: [], idleSince: clock.now() }

  /** Lasts from where reading stopped until it is begun again. */
  const idleSince = () => ('idleSince' in state ? state.idleSince : clock.now())

  return {
    state: () => state,
    leave() {
      leases.renew()
      state = { role: 'joining', partitions: state.partitions, idleSince: idleSince() }
    },
    standBy() {
      leases.renew()
      state = { role: 'standby', partitions: [] }
    },
    restore(partitions) {
      const lease = leases.renew()
      state = { role: 'restoring', partitions, lease, idleSince: idleSince() }
      return lease
    },
    work() {
      if (state.role !== 'restoring') throw new Error(`a member that is ${state.role} cannot begin to work`)
      state = { role: 'working', partitions: state.partitions, lease: state.lease }
    }
  }
}
