import type { Clock } from '../../telemetry/clock.ts'
import { createLeases, type Lease } from '../lease.ts'
import type { PartitionKey } from '../partition.ts'

/** The states of this group member. One lease covers restoring and the working that follows. */
type MemberState =
  /** Outside the group; the partitions are those it had last. */
  | { readonly role: 'joining'; readonly partitions: readonly PartitionKey[]; readonly idleSince: number }
  /** Another member has every partition. */
  | { readonly role: 'standby'; readonly partitions: readonly [] }
  /** The partitions are ours; their start offsets are not known or not committed yet. */
  | {
      readonly role: 'restoring'
      readonly partitions: readonly PartitionKey[]
      readonly lease: Lease
      readonly idleSince: number
    }
  | { readonly role: 'working'; readonly partitions: readonly PartitionKey[]; readonly lease: Lease }

export type Membership = ReturnType<typeof createMembership>

/** A lease ends with every join, on leaving the group, and when the partitions are restored again. */
export function createMembership(clock: Pick<Clock, 'now'>) {
  const leases = createLeases()
  let state: MemberState = { role: 'joining', partitions: [], idleSince: clock.now() }

  /** From when reading stopped until it starts again. */
  const idleSince = () => ('idleSince' in state ? state.idleSince : clock.now())

  return {
    state: (): MemberState => state,
    /** From any state: this member is out of the group until the next join. */
    leave(): void {
      leases.renew()
      state = { role: 'joining', partitions: state.partitions, idleSince: idleSince() }
    },
    /** From any state: the group gave every partition to another member. */
    standBy(): void {
      leases.renew()
      state = { role: 'standby', partitions: [] }
    },
    /** From any state: the partitions are ours, and their start offsets must be found. */
    restore(partitions: readonly PartitionKey[]): Lease {
      const lease = leases.renew()
      state = { role: 'restoring', partitions, lease, idleSince: idleSince() }
      return lease
    },
    /** From restoring alone. */
    work(): void {
      if (state.role !== 'restoring') throw new Error(`a member cannot go from ${state.role} to working`)
      state = { role: 'working', partitions: state.partitions, lease: state.lease }
    }
  }
}
