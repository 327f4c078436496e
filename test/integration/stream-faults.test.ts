import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { pipelineConfig, useEngine } from '../support/pipeline.ts'
import { type Program, startProgram } from '../support/program.ts'
import { avroOrder, decimalBytes, framed, orderAvro, startRegistry } from '../support/schema-registry.ts'
import { until } from '../support/until.ts'

const order = (index: number, fields: object) =>
  JSON.stringify({
    event_type: 'purchase',
    event_time: Date.now() - 60_000 + index,
    order_id: `o-${index}`,
    currency: 'USD',
    ...fields
  })

async function eventsOf(program: Program) {
  const { status, text } = await program.get('/readyz')
  return { status, events: JSON.parse(text).components.events }
}

describeWithKafka('a topic whose faults are there from the first record', () => {
  const kafka = useKafka()
  const engine = useEngine()
  const configOf = (topic: string) =>
    pipelineConfig({
      pipeline: uniqueName('stream-faults'),
      topic,
      brokers: kafka.bootstrap,
      store: engine.section()
    })
  const produce = (topic: string, values: readonly string[]) =>
    kafka.produce(
      topic,
      values.map(value => ({ value: Buffer.from(value), partition: 0 }))
    )

  test('is not ready while nothing of it can be used, says why with an example, and is ready with the first event', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 1 })
    await produce(
      topic,
      Array.from({ length: 25 }, (_, index) => order(index, { price: 5, event_time: '11/20/2026 08:00' }))
    )
    const program = await startProgram(configOf(topic), { onTestFinished })
    const sentence =
      'every record is a dead letter (invalid_event_time), for example 11/20/2026 08:00: set events.date_order: month_first'
    const line = await program.logged(sentence)
    expect(line).toMatchObject({ level: 'warn', topic, problem: 'invalid_event_time', share: 1 })
    expect(await program.logged('dead letter')).toMatchObject({
      reason: 'invalid_event_time',
      example: '11/20/2026 08:00',
      hint: 'set events.date_order: month_first'
    })
    const failed = { status: 'failed', reason: 'nothing_usable', detail: sentence }
    const blind = await until('all to be read', async () => {
      const said = await eventsOf(program)
      return said.events.status === 'failed' && said
    })
    expect(blind).toEqual({ status: 503, events: failed })
    const page = JSON.parse((await program.get('/status')).text)
    expect(page.work.components.events).toEqual(failed)

    await produce(topic, [order(30, { price: 5 })])
    await until('the event to be read', async () => (await eventsOf(program)).events.status === 'ok')
  })

  test('of Avro waits for its schema registry, loses nothing, and keeps records of an unknown schema as they came', async ({
    onTestFinished
  }) => {
    const registry = await startRegistry({ 7: { schema: JSON.stringify(orderAvro) } })
    onTestFinished(registry.stop)
    registry.state.isAway = true
    const topic = await kafka.createTopic({ partitions: 1 })
    const avroOf = (id: number, index: number) =>
      framed(
        id,
        avroOrder({
          event_type: 'purchase',
          event_time: Date.now() - 60_000 + index,
          order_id: index,
          session_id: null,
          price: decimalBytes(500),
          currency: 'USD'
        })
      )
    const values = [...Array.from({ length: 30 }, (_, index) => avroOf(7, index)), avroOf(9, 30)]
    await kafka.produce(
      topic,
      values.map(value => ({ value, partition: 0 }))
    )
    const program = await startProgram(configOf(topic), {
      onTestFinished,
      env: { SCHEMA_REGISTRY_URL: registry.url }
    })
    expect(await program.logged('records wait for their schemas')).toMatchObject({ level: 'warn' })
    expect(await program.metric('cartwatch_dead_letters_total')).toBeUndefined()
    registry.state.isAway = false
    expect(await program.logged('dead letter')).toMatchObject({
      reason: 'unknown_schema',
      example: 'a frame with schema id 9'
    })
    await until('all to be read', async () => (await program.metric('cartwatch_events_total')) === 30)
    const [kept] = await until('the dead letter', async () => {
      const letters = await kafka.readToEnd(`${topic}.dlq`)
      return letters.length > 0 && letters
    })
    expect(kept?.value).toBe(values.at(-1)?.toString())
  })

  test('of orders alone, of types in headers, or of CloudEvents with several events a record is read, whatever strays into it', async ({
    onTestFinished
  }) => {
    const [orders = '', webhooks = '', cloud = ''] = await Promise.all(
      [1, 1, 1].map(partitions => kafka.createTopic({ partitions }))
    )
    const at = Date.now() - 60_000
    const said = (index: number, more: object = {}) =>
      JSON.stringify({ event_time: at + index, order_id: `o-${index}`, price: 5, ...more })
    const month = 30 * 86_400_000
    await produce(orders, [said(0, { event_time: at - month }), said(1), said(2), said(3)])
    await kafka.produce(
      webhooks,
      ['orders/paid', 'orders/edited', 'orders/paid'].map((type, index) => ({
        value: said(10 + index),
        headers: { 'X-Topic': type },
        partition: 0
      }))
    )
    const attributes = {
      ce_specversion: '1.0',
      ce_type: 'purchase',
      ce_id: 'e-1',
      ce_time: new Date(at).toISOString()
    }
    const several = JSON.stringify({
      events: [
        { order_id: 'a', price: 5 },
        { order_id: 'b', price: 6 }
      ]
    })
    await kafka.produce(cloud, [{ value: several, headers: attributes, partition: 0 }])
    const base = configOf(orders)
    const program = await startProgram(
      {
        ...base,
        kafka: {
          ...base.kafka,
          topics: [
            { topic: orders, event_type: { constant: 'purchase' } },
            {
              topic: webhooks,
              event_type: { header: 'X-Topic' },
              event_types: { 'orders/paid': 'purchase', 'orders/edited': 'other' }
            },
            { topic: cloud, events_in: 'events[]' }
          ]
        }
      },
      { onTestFinished }
    )
    const countOf = (topic: string) => program.metric('cartwatch_events_total', { topic })
    await until('all to be read', async () => {
      const counts = await Promise.all([orders, webhooks, cloud].map(countOf))
      return counts.join() === '4,3,2'
    })
    expect(await program.metric('cartwatch_dead_letters_total')).toBeUndefined()
    expect((await eventsOf(program)).events).toEqual({ status: 'ok' })
  })

  test('stays ready where some can be used, learns the currency once, and says which share of purchases has no readable price', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 1 })
    await produce(
      topic,
      Array.from({ length: 240 }, (_, index) =>
        order(index, { currency: 'EUR', price: index % 4 === 0 ? '12.50' : '1,299' })
      )
    )
    const config = { ...configOf(topic), currency: 'auto' }
    const first = await startProgram(config, { onTestFinished })
    const learned = 'revenue is in EUR: all of the first 200 purchases; set currency to choose another'
    expect(await first.logged(learned)).toMatchObject({ level: 'info', currency: 'EUR' })
    first.signal('SIGTERM')
    await first.ended
    const program = await startProgram(config, { onTestFinished })
    expect(await program.logged(learned)).toMatchObject({ level: 'info', currency: 'EUR' })
    const sentence =
      '75 % of the purchases have a price that cannot be read (invalid_price, in price), for example 1,299: it could be two numbers: set events.decimal: point or comma'
    const said = await until('all to be read', async () => {
      const { events } = await eventsOf(program)
      return events.detail === sentence && events
    })
    expect(said).toEqual({ status: 'ok', detail: sentence })
    const { components } = JSON.parse((await program.get('/readyz')).text)
    expect(components.currency).toEqual({ status: 'ok', detail: learned })
  })
})
