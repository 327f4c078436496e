import type { ReceiverState } from '../../delivery/types.ts'
import type { IngestProgress } from '../../ingest/progress.ts'
import type { Committed, Group, GroupDescription, GroupMember } from '../../source/kafka/group.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Asked, AskOptions } from '../../web/ask-status.ts'
import type { CommittedStatus, MemberStatus, Status, WorkStatus } from '../../web/status.ts'
import type { Readiness } from '../../web/types.ts'

/** KafkaJS tries for longer than a person waits. */
const kafkaMs = 3_000
/** A paused or hung owner takes connections and does not answer. */
const ownerMs = 2_000

export interface StatusParts {
  readonly pipeline: string
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
 * What an instance says of its group. Whose the work is the group decides, whatever an instance thinks: one that was
 * paused may not know yet that it has lost it. `own` asks nobody, so that instances never ask each other in a circle.
 */
export async function statusOf(parts: StatusParts, of: AskOptions['of']): Promise<Status> {
  const { pipeline, groupName, group, self, ownWork, clock } = parts
  const me = self?.()
  const base: Status = {
    at: isoOf(clock.now()),
    pipeline,
    group: groupName,
    answered_by: me === undefined ? null : { instance: me.name, role: me.role },
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
  const owner = members.find(({ works }) => works)
  const ordered = [...members].sort((a, b) => Number(b.works) - Number(a.works) || (a.name < b.name ? -1 : 1))
  const known = { ...base, group_state: state, members: ordered.map(memberOf) }
  // An owner that is finding out where to go on has no partition yet.
  const withWork = async (work: WorkStatus) => ({
    ...known,
    work,
    ...(work.partitions.length === 0 && (await committedOf(parts)))
  })
  if (owner === undefined) {
    // Between two owners, or in a rebalance that changes none.
    const work = isKnown(described.value) ? undefined : ownWork()
    return work === undefined ? { ...known, ...(await committedOf(parts)) } : withWork(work)
  }
  if (owner.name === me?.name) {
    const work = ownWork()
    if (work !== undefined) return withWork(work)
    return { ...known, work_error: 'it has just been given the work', ...(await committedOf(parts)) }
  }
  const asked = await askOwner(parts, owner)
  if (typeof asked !== 'string') return withWork(asked)
  return { ...known, work_error: asked, ...(await committedOf(parts)) }
}

const isKnown = ({ state }: GroupDescription) => state === 'Stable' || state === 'Empty' || state === 'Dead'

/** The owner's work, or why it is not known. */
async function askOwner({ ask }: StatusParts, { name, address }: GroupMember): Promise<WorkStatus | string> {
  if (address === undefined) return `${name} is of an earlier version, which cannot be asked`
  const url = urlOf(address)
  const asked = await ask({ url, of: 'own', timeoutMs: ownerMs })
  if (asked.kind === 'silent') return asked.reason
  const { answered_by: answeredBy, work } = asked.status
  if (answeredBy?.instance !== name)
    return `${url} is ${answeredBy?.instance}, not ${name}: its http.host must be an address that is reached from here`
  return work ?? `${name} has just been given the work`
}

async function committedOf({
  group,
  clock
}: StatusParts): Promise<Pick<Status, 'committed' | 'group_error'>> {
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

export interface WorkParts {
  readonly instance: string
  readonly since: number
  readonly progress: IngestProgress | undefined
  readonly readiness: Readiness
  readonly receivers: ReadonlyMap<string, ReceiverState>
}

/** The work of this instance; without progress it is still finding out where to start. */
export function workStatusOf({ instance, since, progress, readiness, receivers }: WorkParts): WorkStatus {
  const waiting = progress?.waiting
  return {
    instance,
    since: timeOf(since === 0 ? undefined : since),
    partitions: (progress?.partitions ?? []).map(({ watermark, openWindows, ...one }) => ({
      ...one,
      watermark: timeOf(watermark),
      open_windows: openWindows
    })),
    windows_closed_until: timeOf(progress?.closedUntil),
    open_windows: progress?.openWindows ?? 0,
    oldest_open_window: timeOf(progress?.oldestOpen),
    waiting: {
      to_seal: waiting?.toCommit ?? 0,
      to_judge: waiting?.toDecide ?? 0,
      to_store: waiting?.toStore ?? 0
    },
    components: { ...readiness.components },
    receivers: [...receivers].map(([name, state]) => ({
      name,
      waiting: state.waiting,
      next_at: timeOf(state.nextAt ?? undefined),
      breaker: state.breaker,
      last: state.last ?? null
    }))
  }
}

const memberOf = ({ name, address, works, since }: GroupMember): MemberStatus => ({
  instance: name,
  address: address === undefined ? null : new URL(urlOf(address)).host,
  works,
  since: timeOf(since)
})

const committedStatusOf = ({ doneUntil, offset, ...one }: Committed): CommittedStatus => ({
  ...one,
  offset: offset ?? null,
  windows_done_until: timeOf(doneUntil)
})

const urlOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

const isoOf = (ms: number) => new Date(ms).toISOString()
const timeOf = (ms: number | undefined) => (ms === undefined ? null : isoOf(ms))
