import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, recountedUntil, storedUntil, useEngine } from '../support/pipeline.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'
import { watchedPipeline } from '../support/watched-pipeline.ts'

const secondMs = 1_000

describeWithKafka('a group in which another member comes and goes in mid-window', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('keeps what is counted, and reads no record twice', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('disturbed')
    const startMs = Math.floor(Date.now() / secondMs) * secondMs - 300_000
    const stream: StreamOptions = { seed: 1, startMs, sizeMs: secondMs, graceMs: 500, partitions: 2 }
    const endOf = (window: number) => startMs + window * secondMs
    const records = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index)).flat()
    await kafka.produce(topic, records(0, 5))
    const options = { pipeline, topic, brokers: kafka.bootstrap, engine, onTestFinished }
    const { program } = await watchedPipeline(options)
    await doneUntil(kafka, topic, endOf(4))
    const kept = () =>
      program.log.filter(({ msg, kept: isKept }) => msg === 'active' && isKept === true).length
    const read = async () =>
      ((await program.metric('cartwatch_events_total')) ?? 0) +
      ((await program.metric('cartwatch_dead_letters_total')) ?? 0)
    const half = records(5, 6)
    await kafka.produce(topic, half.slice(0, half.length / 2))
    const ends = async () => [...(await kafka.endOffsets(topic)).values()].reduce((sum, end) => sum + end, 0)
    await until('half a window to be read', async () => (await read()) === (await ends()))

    const other = await watchedPipeline(options)
    await until('the other to stand by', async () => (await other.ready()).kafka.status === 'standby')
    await until('the work to be kept', () => kept() > 0)
    const joins = kept()
    other.program.signal('SIGTERM')
    expect(await other.program.ended).toBe(0)
    await until('the work to be kept again', () => kept() > joins)
    await kafka.produce(topic, half.slice(half.length / 2))
    await kafka.produce(topic, [...records(6, 10), ...flushOfShop(stream, 10)])
    await doneUntil(kafka, topic, endOf(10))
    expect(await storedUntil(engine.rows, pipeline, endOf(10))).toEqual(
      await recountedUntil(kafka, topic, endOf(10))
    )
    expect(await read()).toBe(await ends())
  })
})
