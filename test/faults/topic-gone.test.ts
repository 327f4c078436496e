import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import {
  completeness,
  doneUntil,
  logsOf,
  pipelineRecount,
  recountedUntil,
  storedUntil,
  useEngine
} from '../support/pipeline.ts'
import { recount } from '../support/recount.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'
import { warmUpWindows, watchedPipeline } from '../support/watched-pipeline.ts'

const secondMs = 1_000

const shop = (partitions: number): StreamOptions => ({
  seed: 1,
  startMs: Math.floor(Date.now() / secondMs) * secondMs - 300_000,
  sizeMs: secondMs,
  graceMs: 500,
  partitions
})

/** One after the other: a KafkaJS admin asks for each topic it was ever asked of, and fails where one of them is gone. */
describeWithKafka('a topic that is deleted while it is read', () => {
  const kafka = useKafka()
  const engine = useEngine()
  const produce = (topic: string, stream: StreamOptions, from: number, to: number) =>
    kafka.produce(
      topic,
      Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index)).flat()
    )
  /** Of a log in which what ends by a time is late from its beginning on. */
  const recountedBehind = async (topic: string, until: number) => {
    const markers = [0, 1].map(partition => [`${topic}/${partition}`, [{ fromOffset: 0, until }]] as const)
    return recount(await logsOf(kafka, topic), { ...pipelineRecount, closedMarkers: new Map(markers) })
  }
  const make = async (topic: string, partitions: number) => {
    await kafka.admin.createTopics({
      topics: [{ topic, numPartitions: partitions }],
      waitForLeaders: false
    })
    await until('leaders of the topic', async () => {
      const ends = await kafka.endOffsets(topic).catch(() => undefined)
      return ends?.size === partitions
    })
  }

  test('is named as missing, and read from its beginning once it is made again', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('deleted')
    const stream = shop(2)
    const endOf = (window: number) => stream.startMs + window * secondMs
    await produce(topic, stream, 0, warmUpWindows)
    const watched = await watchedPipeline({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      engine,
      onTestFinished
    })
    const closedUntil = endOf(warmUpWindows - 1)
    await doneUntil(kafka, topic, closedUntil)
    const closed = await recountedUntil(kafka, topic, closedUntil)

    await kafka.admin.deleteTopics({ topics: [topic] })
    await until('/readyz to say so', async () => (await watched.ready()).kafka.reason === 'topic_missing')
    expect(await watched.ready()).toMatchObject({
      status: 503,
      kafka: { status: 'failed', detail: `${topic}: Kafka does not have it` }
    })
    expect(await watched.stalled('topic')).toMatch(
      new RegExp(`^Kafka has had no topic ${topic} for [1-9]\\d s`)
    )
    watched.program.mustRun()

    const first = warmUpWindows + 2
    const end = first + 10
    await make(topic, 2)
    await produce(topic, stream, warmUpWindows - 3, warmUpWindows - 1)
    await produce(topic, stream, first, end)
    await kafka.produce(topic, flushOfShop(stream, end))
    await doneUntil(kafka, topic, endOf(end))
    expect((await watched.ready()).status).toBe(200)
    expect(watched.stalls()).toHaveLength(1)
    expect(await watched.found()).toEqual(['pipeline_stalled'])

    const stored = await storedUntil(engine.rows, pipeline, endOf(end))
    expect(new Map([...stored].filter(([start]) => start < closedUntil))).toEqual(closed)
    const recounted = await recountedBehind(topic, closedUntil)
    // Of the records that come late, the former topic held the same orders: only the program can know that.
    const behind = (counted: ReadonlyMap<number, object>) =>
      new Map(
        [...counted]
          .filter(([start]) => start >= closedUntil && start < endOf(end))
          .map(([start, metrics]) => [start, { ...metrics, repeated_order_rate: undefined }])
      )
    expect(behind(stored)).toEqual(behind(recounted))
    const complete = await completeness(engine.rows, pipeline)
    const incomplete = [...complete].flatMap(([start, isComplete]) => (isComplete ? [] : [start]))
    expect(incomplete).toEqual([-1, 0, 1, 2].map(by => endOf(warmUpWindows + by)))
  })

  test('and made anew at once, with more records than were read of the old one, is read from its beginning', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('anew')
    const stream = shop(2)
    const endOf = (window: number) => stream.startMs + window * secondMs
    await produce(topic, stream, 0, 5)
    const watched = await watchedPipeline({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      engine,
      onTestFinished
    })
    await doneUntil(kafka, topic, endOf(4))
    const closed = await recountedUntil(kafka, topic, endOf(4))
    const [[, oldEnd = 0] = []] = await kafka.endOffsets(topic)

    await kafka.admin.deleteTopics({ topics: [topic] })
    await make(topic, 2)
    await produce(topic, stream, 7, 20)
    await kafka.produce(topic, flushOfShop(stream, 20))
    await watched.program.logged('the topic was recreated')
    await doneUntil(kafka, topic, endOf(20))
    const [[, newEnd = 0] = []] = await kafka.endOffsets(topic)
    expect(newEnd).toBeGreaterThan(oldEnd)
    const stored = await storedUntil(engine.rows, pipeline, endOf(20))
    expect(new Map([...stored].filter(([start]) => start < endOf(4)))).toEqual(closed)
    const behind = (counted: ReadonlyMap<number, unknown>) =>
      new Map([...counted].filter(([start]) => start >= endOf(4) && start < endOf(20)))
    expect(behind(stored)).toEqual(behind(await recountedBehind(topic, endOf(4))))
    const complete = await completeness(engine.rows, pipeline)
    const of = (window: number) => complete.get(endOf(window))
    expect([3, 4, 5, 6, 8, 19].map(of)).toEqual([true, false, false, false, true, true])
  })
})
