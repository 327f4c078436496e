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
import { until } from '../support/until.ts'

const secondMs = 1_000
const hidden = 5

describeWithKafka('a transaction that is not ended', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('is no silence: windows wait for what it holds, and none of it is late', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('open')
    const eventAt = (time: number) => ({
      partition: 0,
      timestamp: String(time),
      value: JSON.stringify({ event_type: 'page_view', event_time: time })
    })
    const producer = kafka.client().producer({
      transactionalId: uniqueName('transaction'),
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: 600_000
    })
    await producer.connect()
    onTestFinished(() => producer.disconnect())
    const startMs = Math.floor(Date.now() / secondMs) * secondMs
    await producer.send({ topic, messages: [eventAt(startMs), eventAt(startMs + 1)] })
    const transaction = await producer.transaction()
    await transaction.send({
      topic,
      messages: Array.from({ length: hidden }, (_, at) => eventAt(startMs + at))
    })
    const program = await startProgram(
      pipelineConfig({
        pipeline,
        topic,
        brokers: kafka.bootstrap,
        store: engine.section(),
        windows: { idle: '1s' }
      }),
      { onTestFinished }
    )
    await until(
      'them to be seen',
      async () => (await program.metric('cartwatch_consumer_lag_records')) === hidden
    )
    const seenAt = Date.now()
    await until('the time in which a silence would show', () => Date.now() > seenAt + 5 * secondMs)
    expect((await program.metric('cartwatch_windows_closed_total')) ?? 0).toBe(0)

    await transaction.commit()
    await doneUntil(kafka, topic, startMs + secondMs)
    const endMs = startMs + secondMs
    const recounted = await recountedUntil(kafka, topic, endMs)
    expect(recounted.get(startMs)).toMatchObject({ events: 2 + hidden, late: 0 })
    expect(await storedUntil(engine.rows, pipeline, endMs)).toEqual(recounted)
    expect((await completeness(engine.rows, pipeline)).get(startMs)).toBe(true)
  })
})
