import type { PartitionKey } from '../../src/source/partition.ts'
import type { Source, SourceFault, SourceHandlers, SourceState } from '../../src/source/types.ts'
import type { Clock } from '../../src/telemetry/clock.ts'
import type { Checkpoint } from '../../src/window/types.ts'

const restoreRetryMs = 2_000

/** A checkpoint as a group finds it that has never committed, at the very beginning of a partition. */
export const atBeginning: Checkpoint = {
  offset: 0,
  closedUntil: undefined,
  maxEventTime: undefined,
  maxRecordTime: undefined,
  incompleteUntil: 0,
  closedMarkers: []
}

/** A broker and a group in the test's hand: it assigns, hands records in and answers when it is told to. */
export interface ScriptedSource extends Source {
  /** Gives the work from these places on, as a join does; tries again every 2 s where it cannot begin. */
  assign(from: ReadonlyMap<PartitionKey, Checkpoint>): void
  standBy(): void
  /** Hands in records at the partition's position, with these timestamps. */
  read(key: PartitionKey, records: readonly { readonly recordTime: number; readonly value: string }[]): void
  /** The broker answers: the partitions named end where reading stands, others that much further on. */
  answer(lag?: Readonly<Record<PartitionKey, number>>): void
  faults: readonly SourceFault[]
  /** Whether the group takes commits. */
  takesCommits: boolean
  readonly commits: readonly ReadonlyMap<PartitionKey, Checkpoint>[]
  readonly held: ReadonlySet<PartitionKey>
  readonly isStopped: boolean
  /** How often it was told to read on from the handlers' positions. */
  readonly seeks: number
}

export function createScriptedSource(clock: Clock): ScriptedSource {
  const commits: ReadonlyMap<PartitionKey, Checkpoint>[] = []
  let handlers: SourceHandlers
  let role: SourceState['role'] = 'joining'
  let answeredAt: number | undefined
  let lag: ReadonlyMap<PartitionKey, number> = new Map()
  let lastError: string | undefined
  let held: ReadonlySet<PartitionKey> = new Set()
  let assigned: readonly PartitionKey[] = []
  let epoch = 0
  let seeks = 0
  let isStopped = false
  let finish: () => void = () => {}

  async function restore(from: ReadonlyMap<PartitionKey, Checkpoint>, own: number): Promise<void> {
    while (own === epoch) {
      try {
        await handlers.onAssigned(from)
        if (own === epoch) role = 'working'
        return
      } catch (error) {
        lastError = error instanceof Error ? error.message : String(error)
        await clock.sleep(restoreRetryMs)
      }
    }
  }

  const source: ScriptedSource = {
    faults: [],
    takesCommits: true,
    commits,
    get held() {
      return held
    },
    get isStopped() {
      return isStopped
    },
    connect() {},
    run: to =>
      new Promise(resolve => {
        handlers = to
        finish = resolve
      }),
    async commit(checkpoints) {
      if (role !== 'working' || !source.takesCommits) return false
      commits.push(checkpoints)
      return true
    },
    seekToPositions() {
      seeks++
    },
    get seeks() {
      return seeks
    },
    setPaused(keys) {
      held = keys
    },
    state: () => ({ role, answeredAt, lag, lastError, faults: source.faults }),
    async stop() {
      epoch++
      role = 'joining'
      isStopped = true
      finish()
    },
    assign(from) {
      epoch++
      role = 'restoring'
      assigned = [...from.keys()]
      void restore(from, epoch)
    },
    standBy() {
      epoch++
      role = 'standby'
      handlers.onRevoked()
    },
    read(key, records) {
      const take = handlers.ingester(key)
      let offset = handlers.position(key)
      if (take === undefined || offset === undefined) throw new Error(`${key} is not held`)
      for (const { recordTime, value } of records)
        take(offset++, recordTime, { key: null, value: Buffer.from(value) })
      handlers.moveTo(key, offset)
    },
    answer(further = {}) {
      answeredAt = clock.now()
      lag = new Map(assigned.map(key => [key, further[key] ?? 0]))
      for (const [key, records] of lag) {
        const position = handlers.position(key)
        if (role === 'working' && position !== undefined)
          handlers.endSeen(key, position + records, answeredAt)
      }
    }
  }
  return source
}
