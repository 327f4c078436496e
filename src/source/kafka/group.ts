import kafkajs, { type Admin, type MemberDescription } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { decodeMetadata } from '../commit-metadata.ts'
import { byNumber, partitionKey, type TopicPartition } from '../partition.ts'
import { type KafkaAccess, kafkaClient } from './access.ts'
import { readingFault } from './faults.ts'
import { decodeMember, decodeTime, type InstanceAddress } from './member.ts'
import { readCommits } from './partition-facts.ts'

export interface GroupMember {
  /** As the member names itself; for an earlier version, its client id and address. */
  readonly name: string
  /** Where its operations port should answer; undefined for a version that did not say. */
  readonly address: Pick<InstanceAddress, 'host' | 'port'> | undefined
  readonly works: boolean
  /** Since when it owns the partitions, in milliseconds; undefined if it does not, or the leader did not say. */
  readonly since: number | undefined
}

export interface GroupDescription {
  /** Kafka's word: members and their assignments are known only in a `Stable` group. */
  readonly state: string
  readonly members: readonly GroupMember[]
}

/** What the group has committed of a partition. */
export interface CommittedPartition extends TopicPartition {
  /** Undefined before the first commit. */
  readonly offset: number | undefined
  /** Records after it that the broker still has. */
  readonly lag: number
  /** Windows that end at or before it are done; undefined if the commit does not say. */
  readonly doneUntil: number | undefined
}

/** A consumer group, seen from outside. Both reject with KafkaJS's errors. */
export interface Group {
  describe(): Promise<GroupDescription>
  committed(): Promise<readonly CommittedPartition[]>
}

const protocol = kafkajs.AssignerProtocol

export interface GroupOptions {
  readonly admin: Pick<Admin, 'describeGroups' | 'fetchOffsets' | 'fetchTopicOffsets'>
  readonly group: string
  readonly topics: readonly string[]
}

export function createGroup({ admin, group, topics }: GroupOptions): Group {
  async function describe(): Promise<GroupDescription> {
    const { groups } = await admin.describeGroups([group])
    const { state = 'Unknown', members = [] } = groups[0] ?? {}
    return { state, members: state === 'Stable' ? members.map(memberOf) : [] }
  }

  function memberOf({
    clientId,
    clientHost,
    memberMetadata,
    memberAssignment
  }: MemberDescription): GroupMember {
    const seenAt = clientHost.replace(/^\//, '')
    const { instance } = decodeMember(protocol.MemberMetadata.decode(memberMetadata)?.userData)
    const given = protocol.MemberAssignment.decode(memberAssignment)
    const works = Object.values(given?.assignment ?? {}).some(partitions => partitions.length > 0)
    return {
      name: instance?.name ?? `${clientId}@${seenAt}`,
      address: instance && { host: instance.host || seenAt, port: instance.port },
      works,
      since: works ? decodeTime(given?.userData) : undefined
    }
  }

  async function committed(): Promise<readonly CommittedPartition[]> {
    const commits = await readCommits(admin, group, topics)
    const all: CommittedPartition[] = []
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        const commit = commits.get(partitionKey(topic, partition))
        const offset = commit?.offset
        const lag = Math.max(0, Number(high) - Math.max(offset ?? 0, Number(low)))
        const doneUntil = commit && decodeMetadata(commit.offset, commit.metadata).closedUntil
        all.push({ topic, partition, offset, lag, doneUntil })
      }
    }
    return all.sort(byNumber)
  }

  return { describe, committed }
}

export interface OpenGroupOptions extends KafkaAccess {
  readonly group: string
  readonly topics: readonly string[]
  readonly clock: Clock
}

/** Sees a group from outside, without joining it. Rejects with a SourceError if Kafka cannot be reached. */
export async function openGroup(options: OpenGroupOptions): Promise<Group & { close(): Promise<void> }> {
  const { group, topics, clock } = options
  const kafka = kafkaClient(options, clock, {
    // Silent: errors are thrown, and the caller shows them.
    logCreator: () => () => {},
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 2 }
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
  } catch (error) {
    throw readingFault(error, options, clock.now())
  }
  return {
    ...createGroup({ admin, group, topics }),
    close: () => admin.disconnect()
  }
}
