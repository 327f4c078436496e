import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { fetch, kafkaErrors, refuseCommit, refuseFetch } from '../support/kafka-answers.ts'
import { doneUntil, recountedUntil, storedUntil, useEngine } from '../support/pipeline.ts'
import { kafkaProxy, offsetCommit } from '../support/proxies.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'
import { watchedPipeline } from '../support/watched-pipeline.ts'

const secondMs = 1_000

const shop = (partitions: number): StreamOptions => ({
  seed: 1,
  startMs: Math.floor(Date.now() / secondMs) * secondMs - 300_000,
  sizeMs: secondMs,
  graceMs: 500,
  partitions
})

describeWithKafka.concurrent('a broker that answers and', () => {
  const kafka = useKafka()
  const engine = useEngine()
  const produce = (topic: string, stream: StreamOptions, from: number, to: number) =>
    kafka.produce(
      topic,
      Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index)).flat()
    )
  const stored = (pipeline: string, start: number) =>
    until('the window to be stored', async () =>
      (await storedUntil(engine.rows, pipeline, start + secondMs)).has(start)
    )

  test('refuses commits is told of; windows are stored meanwhile, and committed once it takes them', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('refused')
    const stream = shop(2)
    const endOf = (window: number) => stream.startMs + window * secondMs
    let refusal: number | undefined
    const proxy = await kafkaProxy(
      kafka.bootstrap,
      (passing, apiKey, frame) => {
        if (refusal !== undefined && passing === 'answer' && apiKey === offsetCommit)
          refuseCommit(frame, refusal)
        return false
      },
      onTestFinished
    )
    await produce(topic, stream, 0, 2)
    const watched = await watchedPipeline({ pipeline, topic, brokers: proxy.address, engine, onTestFinished })
    await doneUntil(kafka, topic, endOf(1))
    const {
      GROUP_AUTHORIZATION_FAILED,
      OFFSET_METADATA_TOO_LARGE,
      UNKNOWN_MEMBER_ID,
      ILLEGAL_GENERATION,
      REBALANCE_IN_PROGRESS
    } = kafkaErrors
    const others = [OFFSET_METADATA_TOO_LARGE, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS]

    refusal = GROUP_AUTHORIZATION_FAILED
    await produce(topic, stream, 2, 4)
    await stored(pipeline, endOf(2))
    const refused = 'Not authorized to access group: Group authorization failed'
    expect(await watched.stalled('commit')).toMatch(
      /^Kafka has accepted no commit for [1-9]\d s: Not authorized/
    )
    expect(await watched.program.metric('cartwatch_uncommitted_seconds')).toBeGreaterThan(9)
    expect(watched.program.log.filter(({ msg }) => msg?.startsWith('offsets not committed'))).toMatchObject([
      { level: 'warn', error: refused }
    ])
    refusal = undefined
    await doneUntil(kafka, topic, endOf(3))
    await until(
      'the metric to say so',
      async () => (await watched.program.metric('cartwatch_uncommitted_seconds')) === 0
    )

    let window = 4
    for (const error of others) {
      refusal = error
      await produce(topic, stream, window, window + 1)
      await stored(pipeline, endOf(window - 1))
      refusal = undefined
      await doneUntil(kafka, topic, endOf(window))
      window++
    }
    await kafka.produce(topic, flushOfShop(stream, window))
    await doneUntil(kafka, topic, endOf(window))
    expect(await storedUntil(engine.rows, pipeline, endOf(window))).toEqual(
      await recountedUntil(kafka, topic, endOf(window))
    )
    expect(watched.stalls()).toHaveLength(1)
    expect(await watched.ready()).toMatchObject({ status: 200, kafka: { status: 'ok' } })
  })

  test('leaves commits unanswered is told of, and its commits are made once it answers', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('unanswered')
    const stream = shop(1)
    const endOf = (window: number) => stream.startMs + window * secondMs
    let isSilent = false
    const proxy = await kafkaProxy(
      kafka.bootstrap,
      (passing, apiKey) => isSilent && passing === 'request' && apiKey === offsetCommit,
      onTestFinished
    )
    await produce(topic, stream, 0, 2)
    const watched = await watchedPipeline({ pipeline, topic, brokers: proxy.address, engine, onTestFinished })
    await doneUntil(kafka, topic, endOf(1))
    isSilent = true
    await produce(topic, stream, 2, 5)
    await stored(pipeline, endOf(3))
    expect(await watched.stalled('commit')).toMatch(/^Kafka has accepted no commit for [1-9]\d s: no answer$/)
    isSilent = false
    await kafka.produce(topic, flushOfShop(stream, 5))
    await doneUntil(kafka, topic, endOf(5))
    expect(await storedUntil(engine.rows, pipeline, endOf(5))).toEqual(
      await recountedUntil(kafka, topic, endOf(5))
    )
  })

  test('refuses to be read for good ends the program with 1, the reason in its last line', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('ended')
    const stream = shop(1)
    let isRefusing = false
    const proxy = await kafkaProxy(
      kafka.bootstrap,
      (passing, apiKey, frame) => {
        if (isRefusing && passing === 'answer' && apiKey === fetch)
          refuseFetch(frame, kafkaErrors.TOPIC_AUTHORIZATION_FAILED)
        return false
      },
      onTestFinished
    )
    await produce(topic, stream, 0, 3)
    const { program } = await watchedPipeline({
      pipeline,
      topic,
      brokers: proxy.address,
      engine,
      onTestFinished
    })
    const done = stream.startMs + 2 * secondMs
    await doneUntil(kafka, topic, done)
    isRefusing = true
    await produce(topic, stream, 3, 4)
    expect(await program.ended).toBe(1)
    expect(program.log.at(-1)).toMatchObject({
      level: 'error',
      msg: 'fatal: exiting',
      error: 'the consumer stopped: Not authorized to access topics: [Topic authorization failed]'
    })
    expect(await storedUntil(engine.rows, pipeline, done)).toEqual(await recountedUntil(kafka, topic, done))
  })

  test('finds a batch corrupt itself is told of by partition and offset, and read on once it serves it', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('corrupt')
    const stream = shop(1)
    const endOf = (window: number) => stream.startMs + window * secondMs
    let isRefusing = false
    const proxy = await kafkaProxy(
      kafka.bootstrap,
      (passing, apiKey, frame) => {
        if (isRefusing && passing === 'answer' && apiKey === fetch)
          refuseFetch(frame, kafkaErrors.CORRUPT_MESSAGE)
        return false
      },
      onTestFinished
    )
    await produce(topic, stream, 0, 3)
    const watched = await watchedPipeline({ pipeline, topic, brokers: proxy.address, engine, onTestFinished })
    await doneUntil(kafka, topic, endOf(2))
    const [[, end = 0] = []] = await kafka.endOffsets(topic)
    isRefusing = true
    await produce(topic, stream, 3, 5)
    expect(await watched.stalled('Partition')).toMatch(
      new RegExp(`^Partition ${topic}/0 has been stuck for [1-9]\\d s, at offset ${end}$`)
    )
    isRefusing = false
    await kafka.produce(topic, flushOfShop(stream, 5))
    await doneUntil(kafka, topic, endOf(5))
    expect(await storedUntil(engine.rows, pipeline, endOf(5))).toEqual(
      await recountedUntil(kafka, topic, endOf(5))
    )
  })
})
