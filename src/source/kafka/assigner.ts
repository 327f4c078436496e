import kafkajs, { type PartitionAssigner } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { decodeMember, encodeMember, encodeTime, type InstanceAddress } from './member.ts'

/** KafkaJS's encoding of what members send and get. */
const protocol = kafkajs.AssignerProtocol

export interface OneOwnerOptions {
  readonly ownership: Pick<Ownership, 'since' | 'owns'>
  /** This instance, as others show it and ask it. */
  readonly instance: () => InstanceAddress
  readonly clock: Pick<Clock, 'now'>
}

/**
 * Gives every partition of every topic to one member, the owner; the others are standbys. The member that became owner
 * last stays it, so that an earlier owner does not get the partitions back after a long pause in which it missed their
 * loss. Its claim is when it became owner, not when it last did something: after a pause it handles what lay in its
 * buffers. If there was no owner yet, the first member id in order becomes it. The assignment says since when, for whoever
 * describes the group.
 */
export const createOneOwnerAssigner =
  ({ ownership, instance, clock }: OneOwnerOptions): PartitionAssigner =>
  ({ cluster }) => ({
    name: 'cartwatch-one-owner',
    version: 0,

    protocol({ topics }) {
      const member = { claim: ownership.since(), owns: ownership.owns(), instance: instance() }
      const userData = encodeMember(member)
      return { name: this.name, metadata: protocol.MemberMetadata.encode({ version: 0, topics, userData }) }
    },

    async assign({ members, topics }) {
      const [owner] = members
        .map(({ memberId, memberMetadata }) => {
          const metadata = protocol.MemberMetadata.decode(memberMetadata)
          return { memberId, topics: metadata?.topics ?? [], ...decodeMember(metadata?.userData) }
        })
        .sort((a, b) => b.claim - a.claim || (a.memberId < b.memberId ? -1 : 1))
      if (!owner) return []
      const assignment = Object.fromEntries(
        topics
          .filter(topic => owner.topics.includes(topic))
          .map(topic => [
            topic,
            cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
          ])
      )
      const memberAssignment = protocol.MemberAssignment.encode({
        version: 0,
        assignment,
        userData: encodeTime(owner.owns ? owner.claim : clock.now())
      })
      return [{ memberId: owner.memberId, memberAssignment }]
    }
  })

export type Ownership = ReturnType<typeof createOwnership>

/** What a member knows of its ownership. */
export function createOwnership(clock: Pick<Clock, 'now'>) {
  let owns = false
  let since = 0
  return {
    /** Takes the `memberAssignment` of every GROUP_JOIN; true if this member is the owner. */
    joined(memberAssignment: Readonly<Record<string, readonly number[]>>): boolean {
      const given = Object.values(memberAssignment).some(partitions => partitions.length > 0)
      if (given && !owns) since = clock.now()
      owns = given
      return owns
    },
    /** When this member last became owner, in milliseconds; 0 if never. */
    since: (): number => since,
    /** Whether this member is the owner, as far as it knows. */
    owns: (): boolean => owns
  }
}
