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

describeWithKafka.concurrent('partitions that are not read alike', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('wait for the one that is far behind, and every value is right', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 3 })
    const pipeline = uniqueName('behind')
    const startMs = Math.floor(Date.now() / 1_000) * 1_000 - windows * 1_000
    const shop: StreamOptions = { seed: 5, startMs, sizeMs: 1_000, graceMs: 500, partitions: 3, sessions: 2 }
    const full: StreamOptions = { ...shop, seed: 6, partitions: 1, sessions: 60 }
    const records = Array.from({ length: windows }, (_, window) => [
      ...windowOfShop(full, window),
      ...windowOfShop(shop, window).filter(({ partition }) => partition !== 0)
    ])
    for (let from = 0; from < windows; from += 20)
      await kafka.produce(topic, records.slice(from, from + 20).flat())
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
    // Five windows ahead, and what their fetches bring on top; without a bound it is some 140.
    expect(mostOpen).toBeGreaterThan(0)
    expect(mostOpen).toBeLessThan(90)
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
