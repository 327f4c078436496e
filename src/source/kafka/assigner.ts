import type { AssignerProtocol, PartitionAssigner } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { decodeMember, encodeMember, encodeTime, type InstanceAddress, type Member } from './member.ts'

export interface OneOwnerOptions {
  /** KafkaJS's encoding of what members say and get. */
  readonly protocol: typeof AssignerProtocol
  readonly ownership: Pick<Ownership, 'since' | 'owns'>
  /** This member, as others show and ask it. */
  readonly instance: () => InstanceAddress
  readonly clock: Pick<Clock, 'now'>
}

/**
 * Gives every partition of every topic to one member, and nothing to the others, who stand by. The member that was
 * given the work last keeps it, so that one that comes back from a long pause, having missed its loss, does not take
 * it back. Its claim is the time of being given, not of the last work: what lay in a paused process's buffers is
 * worked on after the pause. Where nobody has had it, the first member id in order gets it. With the work goes the
 * time since when it is that member's, for whoever describes the group.
 */
export const createOneOwnerAssigner =
  ({ protocol, ownership, instance, clock }: OneOwnerOptions): PartitionAssigner =>
  ({ cluster }) => ({
    name: 'cartwatch-one-owner',
    version: 0,

    protocol({ topics }) {
      const userData = encodeMember({
        claim: ownership.since(),
        owns: ownership.owns(),
        instance: instance()
      })
      return { name: this.name, metadata: protocol.MemberMetadata.encode({ version: 0, topics, userData }) }
    },

    async assign({ members, topics }) {
      const [owner] = members
        .map(member => ({ memberId: member.memberId, ...read(protocol, member.memberMetadata) }))
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

export interface Ownership {
  /** Takes the `memberAssignment` of every GROUP_JOIN; true where this member has the work. */
  joined(memberAssignment: Readonly<Record<string, readonly number[]>>): boolean
  /** When this member was given the work it has or had last, in milliseconds; 0 if never. */
  since(): number
  /** Whether this member has the work, as far as it knows. */
  owns(): boolean
}

/** What a member knows of its own turns as owner. */
export function createOwnership(clock: Pick<Clock, 'now'>): Ownership {
  let owns = false
  let since = 0
  return {
    joined(memberAssignment) {
      const given = Object.values(memberAssignment).some(partitions => partitions.length > 0)
      if (given && !owns) since = clock.now()
      owns = given
      return owns
    },
    since: () => since,
    owns: () => owns
  }
}

function read(
  protocol: typeof AssignerProtocol,
  memberMetadata: Buffer
): Member & { readonly topics: readonly string[] } {
  const metadata = protocol.MemberMetadata.decode(memberMetadata)
  return { topics: metadata?.topics ?? [], ...decodeMember(metadata?.userData) }
}
