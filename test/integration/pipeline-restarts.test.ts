import { expect, test } from 'vitest'
import { decodeMetadata } from '../../src/source/commit-metadata.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import {
  completeness,
  doneUntil,
  pipelineConfig,
  recountedUntil,
  storedUntil,
  useEngine
} from '../support/pipeline.ts'
import { type Program, startProgram } from '../support/program.ts'
import { kafkaProxy, offsetCommit } from '../support/proxies.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const secondMs = 1_000
const secondOf = (ms: number) => Math.floor(ms / secondMs) * secondMs

const shop = (partitions: number, startMs = secondOf(Date.now()) - 300_000): StreamOptions => ({
  seed: 1,
  startMs,
  sizeMs: secondMs,
  graceMs: 500,
  partitions
})

const roleOf = async (program: Program): Promise<string | undefined> => {
  const { status, text } = await program.get('/readyz')
  return status === 200 ? JSON.parse(text).components.kafka.status : undefined
}

describeWithKafka.concurrent('a pipeline that is started again', () => {
  const kafka = useKafka()
  const engine = useEngine()
  const produce = async (topic: string, stream: StreamOptions, from: number, to: number) => {
    const windows = Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index))
    await kafka.produce(topic, windows.flat())
  }

  test('is taken over by the standby when the instance that works is killed', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('two')
    const stream = shop(2)
    const endOf = (window: number) => stream.startMs + window * secondMs
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      session: '6s'
    })
    await produce(topic, stream, 0, 10)
    const first = await startProgram(config, { onTestFinished })
    await until('the first to work', async () => (await roleOf(first)) === 'ok')
    const second = await startProgram(config, { onTestFinished })
    await until('the second to be a standby', async () => (await roleOf(second)) === 'standby')
    await until('the first to work on', async () => (await roleOf(first)) === 'ok')
    await doneUntil(kafka, topic, endOf(9))
    first.kill()
    await produce(topic, stream, 10, 20)
    await kafka.produce(topic, flushOfShop(stream, 20))
    await doneUntil(kafka, topic, endOf(20))
    expect(await roleOf(second)).toBe('ok')
    expect(await storedUntil(engine.rows, pipeline, endOf(20))).toEqual(
      await recountedUntil(kafka, topic, endOf(20))
    )
    second.signal('SIGTERM')
    expect(await second.ended).toBe(0)
  })

  test('takes a burst into partitions that had no record yet whole, whichever it reads first', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('burst')
    const stream = shop(2)
    const endMs = stream.startMs + 20 * secondMs
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section()
    })
    const program = await startProgram(config, { onTestFinished })
    await program.logged('active')
    await until(
      'the end to be seen',
      async () => (await program.metric('cartwatch_consumer_lag_records')) !== undefined
    )
    const windows = Array.from({ length: 20 }, (_, window) => windowOfShop(stream, window)).flat()
    const [first, second] = [0, 1].map(one => windows.filter(({ partition }) => partition === one))
    await kafka.produce(topic, first ?? [])
    await until(
      'the first to be read',
      async () => ((await program.metric('cartwatch_events_total')) ?? 0) > 0
    )
    await kafka.produce(topic, second ?? [])
    await kafka.produce(topic, flushOfShop(stream, 20))
    await doneUntil(kafka, topic, endMs)
    expect(await storedUntil(engine.rows, pipeline, endMs)).toEqual(await recountedUntil(kafka, topic, endMs))
  })

  test('reads a partition that is added while it runs from its beginning', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 1 })
    const pipeline = uniqueName('added')
    const stream = shop(1)
    const endMs = stream.startMs + 12 * secondMs
    const config = pipelineConfig({ pipeline, topic, brokers: kafka.bootstrap, store: engine.section() })
    await produce(topic, stream, 0, 6)
    await startProgram(config, { onTestFinished })
    await doneUntil(kafka, topic, stream.startMs + 5 * secondMs)
    await kafka.admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] })
    // Until it has a leader, its end is not known.
    await until('the new partition', async () => {
      const ends = await kafka.endOffsets(topic).catch(() => undefined)
      return ends?.size === 2
    })
    const both = { ...stream, seed: 2, partitions: 2 }
    const records = Array.from({ length: 6 }, (_, index) => windowOfShop(both, 6 + index)).flat()
    const ofNew = (isNew: boolean) => records.filter(({ partition }) => (partition === 1) === isNew)
    await kafka.produce(topic, ofNew(true))
    await until(
      'a commit of the new partition',
      async () => ((await kafka.groupOffsets(topic, topic)).get(1)?.offset ?? -1) >= 0
    )
    await kafka.produce(topic, [...ofNew(false), ...flushOfShop(both, 12)])
    await doneUntil(kafka, topic, endMs)
    expect(await storedUntil(engine.rows, pipeline, endMs)).toEqual(await recountedUntil(kafka, topic, endMs))
  })

  test('commits where a first start at the latest begins, so that a crash before the first window skips nothing', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('latest')
    const stream = shop(2)
    const endMs = stream.startMs + 10 * secondMs
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      session: '6s',
      kafka: { start: 'latest' }
    })
    await produce(topic, stream, 0, 3)
    const begun = await kafka.endOffsets(topic)
    const first = await startProgram(config, { onTestFinished })
    await first.logged('active')
    first.kill()
    await first.ended
    const commits = await kafka.groupOffsets(topic, topic)
    expect(new Map([...commits].map(([partition, { offset }]) => [partition, offset]))).toEqual(begun)

    await produce(topic, stream, 3, 10)
    await kafka.produce(topic, flushOfShop(stream, 10))
    await startProgram(config, { onTestFinished })
    await doneUntil(kafka, topic, endMs)
    const ends = await kafka.endOffsets(topic)
    const stored = [...(await storedUntil(engine.rows, pipeline, endMs)).values()]
    const records = stored.reduce((sum, window) => sum + Number(window['records']), 0)
    const flushed = 2
    expect(records).toBe(
      [...ends].reduce((sum, [partition, end]) => sum + end - (begun.get(partition) ?? 0), 0) - flushed
    )
    const complete = await completeness(engine.rows, pipeline)
    expect(complete.get(stream.startMs + 3 * secondMs)).toBe(false)
    expect(complete.get(stream.startMs + 9 * secondMs)).toBe(true)
  })

  test('enters a log in its middle when what it had to read was deleted, and takes the gap for no silence of the shop', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('deleted')
    const stream = shop(2)
    const endOf = (window: number) => stream.startMs + window * secondMs
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      more: { detectors: { baseline: { warm_up: '60s' }, data_loss: { min_expected: 5 } } }
    })
    await produce(topic, stream, 0, 90)
    const first = await startProgram(config, { onTestFinished })
    await doneUntil(kafka, topic, endOf(89))
    first.signal('SIGTERM')
    expect(await first.ended).toBe(0)
    const commits = await kafka.groupOffsets(topic, topic)

    await produce(topic, stream, 90, 110)
    const gone = await kafka.endOffsets(topic)
    await kafka.admin.deleteTopicRecords({
      topic,
      partitions: [...gone].map(([partition, offset]) => ({ partition, offset: String(offset) }))
    })
    await produce(topic, stream, 110, 120)
    await kafka.produce(topic, flushOfShop(stream, 120))
    const second = await startProgram(config, { onTestFinished })
    await second.logged('the committed offset is no longer in the topic')
    const lost = [...gone].map(([partition, offset]) => offset - (commits.get(partition)?.offset ?? 0))
    await until(
      'the count of what is lost',
      async () => (await second.metric('cartwatch_records_lost_total')) === lost.reduce((a, b) => a + b)
    )
    await doneUntil(kafka, topic, endOf(120))
    const complete = await completeness(engine.rows, pipeline)
    const of = (window: number) => complete.get(endOf(window))
    expect([88, 89, 95, 109, 110, 112, 119].map(of)).toEqual([true, false, false, false, false, true, true])
    const recounted = await recountedUntil(kafka, topic, endOf(120))
    const stored = await storedUntil(engine.rows, pipeline, endOf(120))
    for (let window = 111; window < 120; window++)
      expect(stored.get(endOf(window))).toEqual(recounted.get(endOf(window)))
    const anomalies = `SELECT anomaly_type FROM realtime.anomalies WHERE pipeline = '${pipeline}'`
    expect(await engine.rows(anomalies)).toEqual([])
  })

  test('continues behind records that are deleted while it is away for a moment, and skips none of the others', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('lost')
    const stream = shop(1)
    const endOf = (window: number) => stream.startMs + window * secondMs
    await produce(topic, stream, 0, 10)
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section()
    })
    const program = await startProgram(config, { onTestFinished })
    await doneUntil(kafka, topic, endOf(9))
    program.signal('SIGSTOP')
    // The fetch that waits at the broker is answered with the first of them.
    await produce(topic, stream, 10, 11)
    await produce(topic, stream, 11, 20)
    const [gone = 0] = (await kafka.endOffsets(topic)).values()
    await kafka.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(gone) }] })
    await produce(topic, stream, 20, 30)
    program.signal('SIGCONT')
    const lost = await program.logged('records were deleted before they were read')
    // Whether the fetch or the join behind the pause meets the gap first is up to the broker.
    const from = Number(lost['position'] ?? lost['committed'])
    expect(Number(lost['records'])).toBe(Number(lost['begin']) - from)
    await until(
      'the count of them',
      async () => (await program.metric('cartwatch_records_lost_total')) === lost['records']
    )
    await kafka.produce(topic, flushOfShop(stream, 30))
    await doneUntil(kafka, topic, endOf(30))
    const stored = await storedUntil(engine.rows, pipeline, endOf(30))
    const recounted = await recountedUntil(kafka, topic, endOf(30))
    for (let window = 21; window < 30; window++)
      expect(stored.get(endOf(window))).toEqual(recounted.get(endOf(window)))
    const complete = await completeness(engine.rows, pipeline)
    expect([8, 10, 15, 20, 22, 29].map(window => complete.get(endOf(window)))).toEqual([
      true,
      false,
      false,
      false,
      true,
      true
    ])
  })

  test('stores no window that the clock closed before the commit says so', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('sealed')
    const start = secondOf(Date.now()) - 20_000
    let seals = 0
    const broker = await kafkaProxy(
      kafka.bootstrap,
      (passing, apiKey, frame) => {
        if (passing !== 'request' || apiKey !== offsetCommit || !frame.includes('"seals"')) return false
        seals++
        return true
      },
      onTestFinished
    )
    const view = (partition: number, at: number) => ({
      partition,
      value: `{"event_type":"page_view","session_id":"s${at}","event_time":${start + at}}`,
      timestamp: start + at
    })
    const config = (brokers: string) =>
      pipelineConfig({
        pipeline,
        topic,
        brokers,
        store: engine.section(),
        session: '6s',
        windows: { idle: '1s' }
      })
    await kafka.produce(topic, [view(0, 100), view(1, 100), view(1, 5_000)])
    const first = await startProgram(config(broker.address), { onTestFinished })
    await until('a commit of what the clock closed', () => seals > 0)
    first.kill()
    await first.ended
    expect(await storedUntil(engine.rows, pipeline, Date.now())).toEqual(new Map())

    await startProgram(config(kafka.bootstrap), { onTestFinished })
    await doneUntil(kafka, topic, start + 6_000)
    expect(await storedUntil(engine.rows, pipeline, start + 6_000)).toEqual(
      await recountedUntil(kafka, topic, start + 6_000)
    )
  })

  test('ends on SIGTERM with all that is closed stored and committed, and out of the group', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('ended')
    const stream = shop(2)
    const endMs = stream.startMs + 30 * secondMs
    const config = pipelineConfig({ pipeline, topic, brokers: kafka.bootstrap, store: engine.section() })
    await produce(topic, stream, 0, 30)
    const program = await startProgram(config, { onTestFinished })
    const [end = 0, otherEnd = 0] = (await kafka.endOffsets(topic)).values()
    await until('everything to be read', async () => {
      const events = (await program.metric('cartwatch_events_total')) ?? 0
      const dead = (await program.metric('cartwatch_dead_letters_total')) ?? 0
      return events + dead === end + otherEnd
    })
    program.signal('SIGTERM')
    // It gives up after 9.5 s, and then with 1.
    expect(await program.ended).toBe(0)
    const commits = [...(await kafka.groupOffsets(topic, topic)).values()]
    expect(commits.map(({ offset, metadata }) => decodeMetadata(offset, metadata).closedUntil)).toEqual([
      endMs - secondMs,
      endMs - secondMs
    ])
    expect(await storedUntil(engine.rows, pipeline, endMs - secondMs)).toEqual(
      await recountedUntil(kafka, topic, endMs - secondMs)
    )
    const { groups } = await kafka.admin.describeGroups([topic])
    expect(groups.map(({ members }) => members)).toEqual([[]])
  })
})
