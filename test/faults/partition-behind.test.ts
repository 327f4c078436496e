import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import {
  completeness,
  doneUntil,
  pipelineConfig,
  recountedUntil,
  storedUntil,
  useEngine
} from '../support/pipeline.ts'
import { startProgram } from '../support/program.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'

const windows = 120
const maxAhead = 5
/** What is produced at once is a batch of Kafka's, and never read in part. */
const batchWindows = 20

describeWithKafka.concurrent('partitions that are not read alike', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('wait for the one that is far behind, and every value is right', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 3 })
    const pipeline = uniqueName('behind')
    const startMs = Math.floor(Date.now() / 1_000) * 1_000 - windows * 1_000
    const shop: StreamOptions = { seed: 5, startMs, sizeMs: 1_000, graceMs: 500, partitions: 3, sessions: 2 }
    // A window in a batch of its own, of which a fetch holds one: it is read twenty times as slowly as the others.
    const full: StreamOptions = { ...shop, seed: 6, partitions: 1, sessions: 30 }
    const others = Array.from({ length: windows }, (_, window) =>
      windowOfShop(shop, window).filter(({ partition }) => partition !== 0)
    )
    for (let from = 0; from < windows; from += batchWindows)
      await kafka.produce(topic, others.slice(from, from + batchWindows).flat())
    for (let window = 0; window < windows; window++) await kafka.produce(topic, windowOfShop(full, window))
    await kafka.produce(topic, flushOfShop(shop, windows))
    const program = await startProgram(
      pipelineConfig({
        pipeline,
        topic,
        brokers: kafka.bootstrap,
        store: engine.section(),
        kafka: { max_bytes_per_partition: '16KiB' },
        windows: { max_ahead: maxAhead }
      }),
      { onTestFinished }
    )
    let mostOpen = 0
    let isDone = false
    const endMs = startMs + windows * 1_000
    const done = doneUntil(kafka, topic, endMs).finally(() => {
      isDone = true
    })
    while (!isDone) mostOpen = Math.max(mostOpen, (await program.metric('cartwatch_open_windows')) ?? 0)
    await done

    const recounted = await recountedUntil(kafka, topic, endMs)
    expect(recounted.size).toBeGreaterThanOrEqual(windows)
    expect(await storedUntil(engine.rows, pipeline, endMs)).toEqual(recounted)
    const complete = await completeness(engine.rows, pipeline)
    expect([...recounted.keys()].filter(start => complete.get(start) !== true)).toEqual([])
    // Each of two may be five windows ahead, and then have a batch read and one under way; without a bound all are open.
    expect(mostOpen).toBeGreaterThan(0)
    expect(mostOpen).toBeLessThan(2 * (maxAhead + 2 * batchWindows) + batchWindows)
  })

  test('an event far ahead of the broker’s own time is a dead letter, and moves no watermark', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ config: { 'message.timestamp.type': 'LogAppendTime' } })
    const pipeline = uniqueName('appended')
    const startMs = Math.floor(Date.now() / 1_000) * 1_000 - 20_000
    const shop: StreamOptions = { seed: 7, startMs, sizeMs: 1_000, graceMs: 500, partitions: 1 }
    const ahead = (ms: number) => ({
      partition: 0,
      value: JSON.stringify({ event_type: 'page_view', event_time: Date.now() + ms })
    })
    await kafka.produce(topic, windowOfShop(shop, 0))
    await kafka.produce(topic, [ahead(120_000), ahead(3_000_000)])
    for (let window = 1; window < 10; window++) await kafka.produce(topic, windowOfShop(shop, window))
    await kafka.produce(topic, flushOfShop(shop, 10))
    const program = await startProgram(
      pipelineConfig({ pipeline, topic, brokers: kafka.bootstrap, store: engine.section() }),
      { onTestFinished }
    )
    const endMs = startMs + 10_000
    await doneUntil(kafka, topic, endMs)
    const recounted = await recountedUntil(kafka, topic, endMs)
    expect(await storedUntil(engine.rows, pipeline, endMs)).toEqual(recounted)
    const future = { reason: 'future_event_time' }
    expect(await program.metric('cartwatch_dead_letters_total', future)).toBe(2)
    const kept = await kafka.readToEnd(`${topic}.dlq`)
    expect(kept.filter(({ headers }) => headers['reason'] === future.reason)).toHaveLength(2)
  })
})
