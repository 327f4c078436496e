import type { AssignerProtocol, PartitionAssigner } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'

export interface OneOwnerOptions {
  /** KafkaJS's encoding of what members say and get. */
  readonly protocol: typeof AssignerProtocol
  /** When this member was given the work it has or had last, in milliseconds; 0 if never. */
  readonly ownedSince: () => number
}

/**
 * Gives every partition of every topic to one member, and nothing to the others, who stand by. The member that was
 * given the work last keeps it, so that one that comes back from a long pause, having missed its loss, does not take
 * it back. Its claim is the time of being given, not of the last work: what lay in a paused process's buffers is
 * worked on after the pause. Where nobody has had it, the first member id in order gets it.
 */
export const createOneOwnerAssigner =
  ({ protocol, ownedSince }: OneOwnerOptions): PartitionAssigner =>
  ({ cluster }) => ({
    name: 'cartwatch-one-owner',
    version: 0,

    protocol({ topics }) {
      const userData = Buffer.alloc(claimBytes)
      userData.writeDoubleBE(ownedSince())
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
        userData: Buffer.alloc(0)
      })
      return [{ memberId: owner.memberId, memberAssignment }]
    }
  })

export interface Ownership {
  /** Takes the `memberAssignment` of every GROUP_JOIN; true where this member has the work. */
  joined(memberAssignment: Readonly<Record<string, readonly number[]>>): boolean
  /** When this member was given the work it has or had last, in milliseconds; 0 if never. */
  since(): number
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
    since: () => since
  }
}

const claimBytes = 8

function read(
  protocol: typeof AssignerProtocol,
  memberMetadata: Buffer
): { topics: string[]; claim: number } {
  const metadata = protocol.MemberMetadata.decode(memberMetadata)
  const userData = metadata?.userData
  return {
    topics: metadata?.topics ?? [],
    claim: userData?.length === claimBytes ? userData.readDoubleBE() : 0
  }
}
