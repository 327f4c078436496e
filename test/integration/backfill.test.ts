import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, type TestContext, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { type BackfillSummary, buildBackfill } from '../../src/run/assembly/backfill.ts'
import { encodeMetadata } from '../../src/source/commit-metadata.ts'
import { openFile } from '../../src/source/file.ts'
import { openStore } from '../../src/store/open.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, type RawRecord, uniqueName, useKafka } from '../support/kafka.ts'
import { temporaryFolder } from '../support/program.ts'
import { createRecordedLog } from '../support/recorded-log.ts'

const minute = 60_000
const t0 = Date.UTC(2026, 9, 5, 12)
const timeoutMs = 20_000

/** In minute m there are 10 + m events, one of every three partitions in turn, each written when it happened. */
const minutesOf = (count: number): RawRecord[] =>
  Array.from({ length: count }, (_, at) =>
    Array.from({ length: 10 + at }, (_, index): RawRecord => {
      const time = t0 + at * minute + Math.floor((index * minute) / (10 + at))
      const value = JSON.stringify({ event_time: time, event_type: 'page_view', session_id: `s${index}` })
      return { value, partition: index % 3, timestamp: time }
    })
  ).flat()

interface Asked {
  readonly topic?: string
  readonly brokers?: string
  readonly group?: string
  readonly path?: string
  readonly folder: string
  readonly from?: number
  readonly to?: number
}

/** Fills from minute `from` to minute `to`; gives the summary and what is stored then, by minute. */
async function backfilled({
  topic = 'none',
  brokers = 'localhost:1',
  group = 'g',
  path,
  folder,
  from,
  to
}: Asked) {
  const source = { brokers, topics: [topic], group }
  const loaded = loadConfig({ path: 'b.yaml', env: {}, readFile: () => JSON.stringify({ kafka: source }) })
  if (!loaded.ok) throw new Error('the configuration is wrong')
  const store = await openStore({ folder, timeoutMs })
  const backfill = buildBackfill({
    loaded,
    store,
    clock: wallClock,
    log: createRecordedLog(),
    file: path === undefined ? undefined : await openFile(path, Readable.from([])),
    fromMs: from === undefined ? undefined : t0 + from * minute,
    toMs: to === undefined ? undefined : t0 + to * minute
  })
  try {
    const summary: BackfillSummary = await backfill.run()
    const windows = await store.windows('shop', 0, Date.UTC(2027, 0))
    const events = windows.map(({ start, values }) => [(start - t0) / minute, values.get('events')?.value])
    return { summary, events }
  } finally {
    await backfill.close()
  }
}

const expected = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => [from + index, 10 + from + index])

describeWithKafka('a backfill from topics', () => {
  const kafka = useKafka()

  async function topicWith(records: readonly RawRecord[]) {
    const topic = await kafka.createTopic({ partitions: 3 })
    await kafka.produce(topic, records)
    return { topic, brokers: kafka.bootstrap, group: uniqueName('group') }
  }

  test('stores each window of the range, whole, and nothing else, and commits nothing', async context => {
    const source = await topicWith(minutesOf(40))
    const folder = await temporaryFolder(context.onTestFinished)
    const { summary, events } = await backfilled({ ...source, folder, from: 15, to: 30 })
    expect(events).toEqual(expected(15, 30))
    expect(summary).toMatchObject({ written: 15, alreadyThere: 0, incomplete: 0, late: 0, dead: new Map() })
    const { groups } = await kafka.admin.listGroups()
    const members = groups.filter(({ groupId }) => groupId.startsWith(source.group))
    const offsets = await Promise.all(
      [source.group, ...members.map(({ groupId }) => groupId)].map(id => kafka.groupOffsets(id, source.topic))
    )
    expect(offsets.flatMap(found => [...found.values()]).filter(({ offset }) => offset >= 0)).toEqual([])
  })

  test('takes windows for whole where a partition was quiet when they began', async context => {
    const dense = minutesOf(30).map(record => ({ ...record, partition: 0 }))
    const rare = minutesOf(30).filter((_, index) => index === 0 || index === 500)
    const source = await topicWith([...dense, ...rare.map(record => ({ ...record, partition: 1 }))])
    const folder = await temporaryFolder(context.onTestFinished)
    const { summary, events } = await backfilled({ ...source, folder, from: 15, to: 20 })
    expect(events).toEqual(expected(15, 20))
    expect(summary).toMatchObject({ written: 5, incomplete: 0 })
  })

  test('run again writes nothing, and over a wider range only what is missing', async context => {
    const source = await topicWith(minutesOf(20))
    const folder = await temporaryFolder(context.onTestFinished)
    await backfilled({ ...source, folder, from: 5, to: 10 })
    const again = await backfilled({ ...source, folder, from: 5, to: 10 })
    expect(again.summary).toMatchObject({ written: 0, alreadyThere: 5 })
    const wider = await backfilled({ ...source, folder, from: 0, to: 12 })
    expect(wider.summary).toMatchObject({ written: 7, alreadyThere: 5 })
    expect(wider.events).toEqual(expected(0, 12))
  })

  test('ends where the windows of the live line begin', async context => {
    const source = await topicWith(minutesOf(20))
    const folder = await temporaryFolder(context.onTestFinished)
    const checkpoint = {
      offset: 60,
      closedUntil: t0 + 8 * minute,
      maxEventTime: undefined,
      maxRecordTime: undefined,
      incompleteUntil: 0,
      closedMarkers: []
    }
    const consumer = kafka.client().consumer({ groupId: source.group })
    const joined = new Promise(resolve => consumer.on(consumer.events.GROUP_JOIN, resolve))
    await consumer.connect()
    await consumer.subscribe({ topics: [source.topic] })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} })
    await joined
    await consumer.commitOffsets([
      { topic: source.topic, partition: 0, offset: '60', metadata: encodeMetadata(checkpoint) }
    ])
    await consumer.disconnect()
    const { summary, events } = await backfilled({ ...source, folder, from: 2 })
    expect(events).toEqual(expected(2, 8))
    expect(summary.liveFrom).toBe(t0 + 8 * minute)
  })

  test('goes on to the end of what was produced, past control records and the quiet of old events', async context => {
    const source = await topicWith([])
    const folder = await temporaryFolder(context.onTestFinished)
    await kafka.produceInTransaction(source.topic, minutesOf(6))
    await kafka.produceInTransaction(source.topic, minutesOf(1), 'abort')
    const { summary, events } = await backfilled({ ...source, folder, to: 20 })
    // The last window is whole, too: by its clock the topic has been quiet ever since.
    expect(events).toEqual(expected(0, 6))
    expect(summary.events).toBe(minutesOf(6).length)
  })

  test('of a topic that is not there says so', async context => {
    const folder = await temporaryFolder(context.onTestFinished)
    const missing = { topic: uniqueName('missing'), brokers: kafka.bootstrap, folder }
    await expect(backfilled(missing)).rejects.toMatchObject({ code: 'TOPIC_MISSING' })
  })
})

test('a file gives the windows between its first and its last one', async (context: TestContext) => {
  const folder = await temporaryFolder(context.onTestFinished)
  const path = join(folder, 'events.ndjson')
  await writeFile(
    path,
    minutesOf(10)
      .map(({ value }) => `${value}\n`)
      .join('')
  )
  const all = await backfilled({ path, folder: join(folder, 'all') })
  expect(all.events).toEqual(expected(1, 9))
  expect(all.summary).toMatchObject({ written: 8, alreadyThere: 0, incomplete: 2 })
  const some = await backfilled({ path, folder: join(folder, 'some'), from: 3, to: 5 })
  expect(some.events).toEqual(expected(3, 5))
})
