import { expect, test } from 'vitest'
import { describeWithOwnBroker, uniqueName, useKafka } from '../support/kafka.ts'
import { useOwnBroker } from '../support/own-broker.ts'
import { completeness, doneUntil, recountedUntil, storedUntil, useEngine } from '../support/pipeline.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'
import { warmUpWindows, watchedPipeline } from '../support/watched-pipeline.ts'

const secondMs = 1_000

describeWithOwnBroker('a broker that goes away', () => {
  const broker = useOwnBroker()
  const kafka = useKafka(() => broker.bootstrap)
  const engine = useEngine()

  test('stopped, killed or hung, and back: values are those of the log, no drop is found, and one that lasts is told once', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('gone')
    const startMs = Math.floor(Date.now() / secondMs) * secondMs - warmUpWindows * secondMs
    const stream: StreamOptions = { seed: 1, startMs, sizeMs: secondMs, graceMs: 500, partitions: 2 }
    const endOf = (window: number) => startMs + window * secondMs
    let window = 0
    /** Up to the second that it is now, as a shop writes; what was written in vain is written now. */
    const produceToNow = async () => {
      const to = Math.floor((Date.now() - startMs) / secondMs)
      const records = Array.from({ length: to - window }, (_, index) => windowOfShop(stream, window + index))
      await kafka.produce(topic, records.flat())
      window = to
    }
    await produceToNow()
    const watched = await watchedPipeline({
      pipeline,
      topic,
      brokers: broker.bootstrap,
      windows: { idle: '8s' },
      engine,
      onTestFinished
    })
    await doneUntil(kafka, topic, endOf(warmUpWindows - 1))

    await broker.stop()
    expect(await watched.stalled('Kafka')).toMatch(/^Kafka has not answered for 1\d s$/)
    expect((await watched.ready()).status).toBe(503)
    await broker.restart()
    await produceToNow()
    await until('windows behind the stop', async () => {
      await produceToNow()
      return (await storedUntil(engine.rows, pipeline, Date.now())).has(endOf(window - 3))
    })
    expect((await watched.ready()).status).toBe(200)

    await broker.kill('SIGKILL')
    await broker.restart()
    await produceToNow()
    await until('windows behind the kill', async () => {
      await produceToNow()
      return (await storedUntil(engine.rows, pipeline, Date.now())).has(endOf(window - 3))
    })

    await broker.kill('SIGSTOP')
    const hungAt = Date.now()
    await until('the broker to be missed', () => Date.now() - hungAt > 6_000)
    await broker.kill('SIGCONT')
    await produceToNow()
    await until('windows behind the pause', async () => {
      await produceToNow()
      return (await storedUntil(engine.rows, pipeline, Date.now())).has(endOf(window - 3))
    })
    const end = window
    await kafka.produce(topic, flushOfShop(stream, end))
    await doneUntil(kafka, topic, endOf(end))

    watched.program.mustRun()
    expect(await storedUntil(engine.rows, pipeline, endOf(end))).toEqual(
      await recountedUntil(kafka, topic, endOf(end))
    )
    const complete = await completeness(engine.rows, pipeline)
    expect([...complete].filter(([start, isComplete]) => start < endOf(end) && !isComplete)).toEqual([])
    expect(await watched.found()).toEqual(['pipeline_stalled'])
    expect(watched.stalls()).toHaveLength(1)
  })
})
