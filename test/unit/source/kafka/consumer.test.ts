import { setImmediate as turn } from 'node:timers/promises'
import type { Admin, Consumer, EachBatchPayload } from 'kafkajs'
import { expect, test } from 'vitest'
import type { Fence } from '../../../../src/source/fence.ts'
import { createOwnership } from '../../../../src/source/kafka/assigner.ts'
import { createKafkaSource } from '../../../../src/source/kafka/consumer.ts'
import { createFetchPace } from '../../../../src/source/kafka/fetch-pace.ts'
import { noSchemas } from '../../../../src/source/registry/schemas.ts'
import type { SourceHandlers } from '../../../../src/source/types.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { openFence } from '../../../support/open-fence.ts'
import { atBeginning } from '../../../support/scripted-source.ts'

const key = 't/0'
const endOffset = 2_000

/** A source on a fake consumer and admin that only record; `join` gives this member the partitions. */
function started(begin: () => Promise<void> = async () => {}, fence: Fence = openFence) {
  const clock = createManualClock(0)
  const listeners = new Map<string, (event: { payload: unknown }) => void>()
  const committed = { offset: '-1', metadata: null as string | null }
  const seeks: string[] = []
  const ingested: number[] = []
  const kept: unknown[] = []
  const begun: (number | undefined)[] = []
  const skipped: [string, number][] = []
  const ends = { low: 0, high: endOffset }
  let runs = 0
  let answer = async () => {}
  let position: number | undefined
  let eachBatch: (payload: EachBatchPayload) => Promise<void> = async () => {}

  const consumer = {
    events: {
      GROUP_JOIN: 'join',
      HEARTBEAT: 'heartbeat',
      REQUEST: 'request',
      REQUEST_TIMEOUT: 'timeout',
      END_BATCH_PROCESS: 'batch',
      STOP: 'stop',
      CRASH: 'crash'
    },
    on: (name: string, listener: (event: { payload: unknown }) => void) => listeners.set(name, listener),
    subscribe: async () => {},
    run: async (options: { eachBatch: typeof eachBatch }) => {
      runs++
      eachBatch = options.eachBatch
    },
    pause: () => {},
    resume: () => {},
    seek: ({ offset }: { offset: string }) => seeks.push(offset),
    async commitOffsets([offset]: readonly (typeof committed)[]) {
      Object.assign(committed, offset)
      await answer()
    }
  }
  const admin = {
    fetchOffsets: async () => [{ topic: 't', partitions: [{ partition: 0, ...committed }] }],
    fetchTopicOffsets: async () => [{ partition: 0, low: String(ends.low), high: String(ends.high) }]
  }
  const nothing = () => {}
  const logged: string[] = []
  const handlers: SourceHandlers = {
    async onAssigned(from) {
      await begin()
      position = from.get(key)?.offset
      begun.push(position)
    },
    onRevoked: nothing,
    position: () => position,
    ingester: () => offset => void ingested.push(offset),
    decodedIngester: () => offset => void ingested.push(offset),
    moveTo(_, offset) {
      position = offset
    },
    skipDeleted: (_, offset) => void skipped.push(['skip to', offset]),
    countLost: (_, records) => void skipped.push(['lost', records]),
    endSeen: nothing
  }
  const source = createKafkaSource({
    consumer: consumer as unknown as Consumer,
    admin: admin as unknown as Admin,
    endsAdmin: admin as unknown as Admin,
    topics: ['t'],
    group: 'g',
    start: 'earliest',
    clock,
    log: {
      debug: nothing,
      info(fields: object, text: string) {
        logged.push(text)
        if ('kept' in fields) kept.push(fields.kept)
      },
      warn: nothing,
      error: nothing
    },
    pollMs: 1_000,
    ownership: createOwnership(clock),
    fence,
    pace: createFetchPace(),
    schemas: noSchemas
  })
  const ended = source.run(handlers)
  ended.catch(nothing)

  return {
    ended,
    runs: () => runs,
    clock,
    async crash(error: Error, restart = false) {
      await turn()
      listeners.get('crash')?.({ payload: { error, restart } })
      await turn()
    },
    seeks,
    ingested,
    source,
    committed,
    logged,
    kept,
    begun,
    skipped,
    ends,
    /** The group accepts commits, and answers as this says. */
    answerCommits(by: () => Promise<void>) {
      answer = by
    },
    /** An assignment without partitions makes it a standby. */
    async join(memberAssignment: Record<string, number[]> = { t: [0] }) {
      await turn()
      listeners.get('join')?.({ payload: { memberAssignment } })
      await turn()
    },
    /** A fetch from the first offset on; `heartbeat` is called after each slice of it. */
    batch: (
      records: number,
      heartbeat: () => Promise<void>,
      value: Buffer | null = null,
      highWatermark = endOffset
    ) =>
      eachBatch({
        batch: {
          topic: 't',
          partition: 0,
          fetchedOffset: '0',
          messages: Array.from({ length: records }, (_, offset) => ({
            offset: String(offset),
            timestamp: '0',
            key: null,
            value
          })),
          lastOffset: () => String(records - 1),
          highWatermark: String(highWatermark)
        },
        heartbeat,
        resolveOffset: nothing,
        isRunning: () => true,
        isStale: () => false
      } as unknown as EachBatchPayload)
  }
}

test('a batch is ingested in slices to its end', async () => {
  const { join, batch, ingested } = started()
  await join()
  await batch(1_200, async () => {})
  expect(ingested).toEqual(Array.from({ length: 1_200 }, (_, offset) => offset))
})

test('a handler that a rejoin overtakes at an await ingests no more records: they are fetched again', async () => {
  const { join, batch, ingested } = started()
  await join()
  await batch(1_200, join)
  expect(ingested).toHaveLength(500)
})

test('records of a megabyte are ingested one by one between two heartbeats', async () => {
  const { join, batch, ingested } = started()
  await join()
  const at: number[] = []
  await batch(3, async () => void at.push(ingested.length), Buffer.alloc(1_048_576))
  expect(at).toEqual([1, 2, 3])
})

test('a restore that a later join overtook neither seeks nor works', async () => {
  const waiting: (() => void)[] = []
  const { join, seeks, source } = started(() => new Promise(resolve => waiting.push(resolve)))
  await join()
  await join()
  waiting[0]?.()
  await turn()
  expect(seeks).toEqual([])
  expect(source.state().role).toBe('restoring')
  waiting[1]?.()
  await turn()
  expect(seeks).toEqual(['0'])
  expect(source.state().role).toBe('working')
})

test('a batch that was fetched before a seek is not ingested, but fetched again at the right offset', async () => {
  const { join, batch, ingested, seeks } = started()
  await join()
  await batch(10, async () => {})
  await batch(10, async () => {})
  expect(ingested).toHaveLength(10)
  expect(seeks).toEqual(['0', '10'])
})

test('a record beyond the high watermark of its fetch is counted once', async () => {
  const { join, batch, ingested, seeks } = started()
  await join()
  await batch(10, async () => {}, null, 9)
  await batch(10, async () => {})
  expect(ingested).toHaveLength(10)
  expect(seeks).toEqual(['0', '10'])
})

test('the start offset of a first start is committed before anything is read', async () => {
  const { join, committed } = started()
  await join()
  expect(committed).toMatchObject({ offset: '0', metadata: '{"incompleteUntil":0}' })
})

test('a standby says so once', async () => {
  const { join, logged, source } = started()
  await join({})
  await join({})
  expect(source.state().role).toBe('standby')
  expect(logged).toEqual(['standby: another instance is active'])
})

test('an offset is committed once the fence passes it, and not if the group was joined meanwhile', async () => {
  let pass: () => void = () => {}
  const { join, committed, source } = started(async () => {}, {
    ...openFence,
    pass: () =>
      new Promise(resolve => {
        pass = resolve
      })
  })
  await join()
  expect(committed.offset).toBe('-1')
  await join()
  pass()
  await turn()
  expect(committed.offset).toBe('0')
  const checkpoint = { ...atBeginning, offset: 7 }
  const commit = source.commit(new Map([[key, checkpoint]]))
  const [passFirst] = [pass]
  await join()
  passFirst()
  expect(await commit).toBe(false)
  expect(committed.offset).toBe('0')
})

test('a fence that stays shut is a fault, for nothing is written meanwhile', async () => {
  const shut = { forMs: 0 }
  const { join, source, clock } = started(async () => {}, { ...openFence, shutForMs: () => shut.forMs })
  await join()
  const fault = () => source.state().faults.find(({ cause }) => cause === 'not_confirmed')
  expect(fault()).toBeUndefined()
  await clock.advance(60_000)
  shut.forMs = 45_000
  expect(fault()).toMatchObject({ since: 15_000 })
})

test('a commit whose answer a join overtook is our own: the state is kept', async () => {
  const { join, source, kept, answerCommits } = started()
  await join()
  answerCommits(() => join())
  expect(await source.commit(new Map([[key, { ...atBeginning, offset: 7 }]]))).toBe(false)
  expect(kept).toEqual([false, true])
})

test("another member's commit makes the state void", async () => {
  const { join, committed, kept } = started()
  await join()
  committed.offset = '8'
  await join()
  expect(kept).toEqual([false, false])
})

test('after a crash that passes by itself reading continues a second later; any other crash ends the source', async () => {
  const { crash, clock, runs, ended } = started()
  const noCoordinator = Object.assign(new Error('Failed to find group coordinator'), {
    name: 'KafkaJSGroupCoordinatorNotFound'
  })
  await crash(new Error('given up', { cause: noCoordinator }))
  await clock.advance(999)
  expect(runs()).toBe(1)
  await clock.advance(1)
  expect(runs()).toBe(2)
  await crash(new TypeError('x is not a function'))
  await expect(ended).rejects.toThrow('the consumer stopped: x is not a function')
  expect(runs()).toBe(2)
})

test('while the start offset cannot be committed nothing is read', async () => {
  const { join, answerCommits, seeks, source, clock, committed } = started()
  answerCommits(async () => {
    committed.offset = '-1'
    throw new Error('not authorized')
  })
  await join()
  const causes = () => source.state().faults.map(({ cause }) => cause)
  expect([source.state().role, seeks, causes()]).toEqual(['restoring', [], ['commits_refused', 'not_joined']])
  answerCommits(async () => {})
  await clock.advance(2_000)
  await turn()
  expect([source.state().role, seeks, committed.offset]).toEqual(['working', ['0'], '0'])
  expect(causes()).toEqual(['partition_stuck'])
})

test('records that were deleted before they were read are counted and skipped', async () => {
  const { join, seeks, skipped, ends, clock } = started()
  await join()
  ends.low = 40
  await clock.advance(1_000)
  await turn()
  expect([skipped, seeks]).toEqual([
    [
      ['lost', 40],
      ['skip to', 40]
    ],
    ['0', '40']
  ])
})

test('a topic that was recreated is read from its beginning', async () => {
  const { join, ends, clock, batch, committed, begun } = started()
  await join()
  await batch(1_000, async () => {})
  committed.offset = '-1'
  ends.high = 5
  await clock.advance(1_000)
  await turn()
  expect(begun).toEqual([0])
  await clock.advance(1_000)
  await turn()
  expect(begun).toEqual([0, 0])
})
