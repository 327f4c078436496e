import type { CommittedPartition, Group, GroupDescription, GroupMember } from '../../source/kafka/group.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import { version } from '../../telemetry/version.ts'
import type { Asked, AskOptions } from '../../web/ask-status.ts'
import type { CommittedStatus, MemberStatus, Status, WorkStatus } from '../../web/status.ts'
import { urlOf } from './instance.ts'
import { isoOrNull } from './work-status.ts'

/** KafkaJS tries for longer than a person waits. */
const kafkaMs = 3_000
/** A paused or hung owner accepts connections and does not answer. */
const ownerMs = 2_000

export interface GroupStatusParts {
  readonly pipeline: string
  readonly tenant: string | null
  readonly groupName: string
  readonly group: Group
  /** Who answers; undefined outside of the group. */
  readonly self: (() => { readonly name: string; readonly role: string }) | undefined
  /** What this instance is working on; undefined where it is not. */
  readonly ownWork: () => WorkStatus | undefined
  readonly ask: (options: AskOptions) => Promise<Asked>
  readonly clock: Clock
}

/**
 * What an instance reports of its group. The group decides who owns the work: an instance that was paused may not know yet
 * that it has lost it. `own` asks nobody, so that instances never ask each other in a circle.
 */
export async function groupStatusOf(parts: GroupStatusParts, of: AskOptions['of']): Promise<Status> {
  const { pipeline, tenant, groupName, group, self, ownWork, clock } = parts
  const me = self?.()
  const base: Status = {
    at: new Date(clock.now()).toISOString(),
    pipeline,
    tenant,
    group: groupName,
    answered_by: me === undefined ? null : { instance: me.name, role: me.role, version },
    group_state: null,
    members: null,
    group_error: null,
    work: null,
    work_error: null,
    committed: null
  }
  if (of === 'own') return { ...base, work: ownWork() ?? null }
  const described = await within(clock, kafkaMs, group.describe())
  if (described.error !== undefined) return { ...base, group_error: described.error, work: ownWork() ?? null }
  const { state, members } = described.value
  const ordered = [...members].sort((a, b) => Number(b.works) - Number(a.works) || (a.name < b.name ? -1 : 1))
  const known = { ...base, group_state: state, members: ordered.map(memberOf) }
  const owned = await ownersWork(parts, described.value)
  // An owner that is finding out where to start has no partition yet.
  const isReading = owned.work !== null && owned.work.partitions.length > 0
  return { ...known, ...owned, ...(!isReading && (await committedOf(parts))) }
}

/** The work as its owner reports it, or why that is not known. */
async function ownersWork(
  parts: GroupStatusParts,
  { state, members }: GroupDescription
): Promise<Pick<Status, 'work' | 'work_error'>> {
  const { self, ownWork } = parts
  const owner = members.find(({ works }) => works)
  if (owner === undefined) {
    // Between two owners, or in a rebalance that changes none.
    const isSettled = state === 'Stable' || state === 'Empty' || state === 'Dead'
    return { work: (isSettled ? undefined : ownWork()) ?? null, work_error: null }
  }
  const work = owner.name === self?.().name ? (ownWork() ?? justAssigned('it')) : await askOwner(parts, owner)
  return typeof work === 'string' ? { work: null, work_error: work } : { work, work_error: null }
}

async function askOwner(
  { ask }: GroupStatusParts,
  { name, address }: GroupMember
): Promise<WorkStatus | string> {
  if (address === undefined) return `${name} is of an earlier version, which cannot be asked`
  const url = urlOf(address)
  const asked = await ask({ url, of: 'own', timeoutMs: ownerMs })
  if (asked.kind === 'silent') return asked.reason
  const { answered_by: answeredBy, work } = asked.status
  if (answeredBy?.instance !== name)
    return `${url} is ${answeredBy?.instance}, not ${name}: its http.host must be an address that is reached from here`
  return work ?? justAssigned(name)
}

const justAssigned = (who: string) => `${who} has just been given the work`

async function committedOf({
  group,
  clock
}: GroupStatusParts): Promise<Pick<Status, 'committed' | 'group_error'>> {
  const read = await within(clock, kafkaMs, group.committed())
  if (read.error !== undefined) return { committed: null, group_error: read.error }
  return { committed: read.value.map(committedStatusOf), group_error: null }
}

type Read<Value> =
  | { readonly value: Value; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: string }

async function within<Value>(clock: Clock, ms: number, reading: Promise<Value>): Promise<Read<Value>> {
  const read = reading.then(
    (value): Read<Value> => ({ value }),
    (error): Read<Value> => ({ error: messageOf(error) })
  )
  const late = clock
    .sleep(ms)
    .then((): Read<Value> => ({ error: `Kafka has not answered within ${ms / 1_000} s` }))
  return Promise.race([read, late])
}

const memberOf = ({ name, address, works, since }: GroupMember): MemberStatus => ({
  instance: name,
  address: address === undefined ? null : new URL(urlOf(address)).host,
  works,
  since: isoOrNull(since)
})

const committedStatusOf = ({ doneUntil, offset, ...one }: CommittedPartition): CommittedStatus => ({
  ...one,
  offset: offset ?? null,
  windows_done_until: isoOrNull(doneUntil)
})
