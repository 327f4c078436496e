import kafkajs from 'kafkajs'
import { expect, inject, test } from 'vitest'
import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { registerCodecs } from '../../src/source/kafka/codecs.ts'
import { openStore } from '../../src/store/open.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { runKafkaTool } from '../support/kafka-tools.ts'
import {
  completeness,
  doneUntil,
  pipelineConfig,
  pipelineRecount,
  recountedUntil,
  rowsOf,
  storedUntil,
  useEngine
} from '../support/pipeline.ts'
import { startProgram, temporaryFolder } from '../support/program.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

registerCodecs(kafkajs)
const { GZIP, Snappy, ZSTD } = kafkajs.CompressionTypes
const secondMs = 1_000
const secondOf = (ms: number) => Math.floor(ms / secondMs) * secondMs

describeWithKafka.concurrent('the pipeline', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('counts what is produced, finds what is wrong and notifies once, then ends in order', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 3 })
    const folder = await temporaryFolder(onTestFinished)
    const inbox = await openInbox({ clock: wallClock, rate: null })
    onTestFinished(inbox.close)
    const windows = 125
    const stream: StreamOptions = {
      seed: 7,
      // Ahead of the clock by more than an event time is trusted, or a run before could have paged for it.
      startMs: secondOf(Date.now()),
      sizeMs: secondMs,
      graceMs: 500,
      partitions: 3,
      outage: { from: 95, to: 112 },
      sessions: 12
    }
    const endMs = stream.startMs + windows * secondMs
    const records = Array.from({ length: windows }, (_, window) => windowOfShop(stream, window)).flat()
    await kafka.produce(topic, records)
    const program = await startProgram(
      pipelineConfig({
        pipeline: 'whole',
        topic,
        brokers: kafka.bootstrap,
        store: { folder },
        more: {
          rates: { GBP: 1.25 },
          detectors: { baseline: { warm_up: '60s' } },
          receivers: {
            critical: { type: 'slack', webhook_url: inbox.slackUrl('critical') },
            revenue: { type: 'slack', webhook_url: inbox.slackUrl('revenue') },
            technical: { type: 'slack', webhook_url: inbox.slackUrl('technical') },
            pagerduty: { type: 'pagerduty', integration_key: inbox.pagerdutyKey, url: inbox.pagerdutyUrl }
          },
          routes: [
            { match: { severity: 'critical' }, receiver: 'critical', continue: true },
            { match: { severity: 'critical' }, receiver: 'pagerduty', continue: true },
            { match: { kind: ['revenue_drop', 'checkout_failure'] }, receiver: 'revenue' },
            { default: 'technical' }
          ]
        }
      }),
      { onTestFinished }
    )
    await kafka.produce(topic, flushOfShop(stream, windows))
    await doneUntil(kafka, topic, endMs)
    await until('the page', () => inbox.pages().length > 0)
    expect(await program.get('/readyz')).toMatchObject({ status: 200 })
    program.signal('SIGTERM')
    // It gives up after 9.5 s, and then with 1.
    expect(await program.ended).toBe(0)

    const { groups } = await kafka.admin.describeGroups([topic])
    expect(groups.map(({ members }) => members)).toEqual([[]])
    const store = await openStore({ folder, timeoutMs: 60_000 })
    onTestFinished(() => store.close())
    const rows = <Row>(sql: string) => rowsOf<Row>(store, sql)
    expect(await storedUntil(rows, 'whole', endMs)).toEqual(
      await recountedUntil(kafka, topic, endMs, { ...pipelineRecount, rates: new Map([['GBP', 1.25]]) })
    )
    expect(new Set((await completeness(rows, 'whole')).values())).toEqual(new Set([true]))

    const anomalies = await rows<{ anomaly_type: string; window_end: string }>(
      'SELECT anomaly_type, window_end FROM realtime.anomalies ORDER BY detected_at'
    )
    const kinds = new Set(anomalies.map(({ anomaly_type }) => anomaly_type))
    expect([...kinds]).toEqual(expect.arrayContaining(['revenue_drop', 'checkout_failure']))
    expect(new Set(anomalies.map(row => JSON.stringify(row))).size).toBe(anomalies.length)
    expect(inbox.messages.filter(({ accepted }) => !accepted)).toEqual([])
    const receivers = inbox.messages.filter(({ type }) => type === 'slack').map(({ to }) => to)
    // All of it has one cause, so nobody who watches other kinds is notified.
    expect(new Set(receivers)).toEqual(new Set(['critical', 'revenue']))
    expect(inbox.pages()).toMatchObject([{ opened: 1 }])
    const sent = await rows<{ id: string; attempts: number }>(
      "SELECT id, attempts FROM realtime.notifications FINAL WHERE outcome = 'sent'"
    )
    expect(sent.map(({ attempts }) => attempts)).toEqual(sent.map(() => 1))
    expect(sent.length).toBe(inbox.messages.length)
  })

  test('keeps what cannot be an event in the dead-letter topic, and counts what is wrong with events', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('dead')
    const start = secondOf(Date.now())
    const event = (fields: string) =>
      `{"event_type":"purchase","session_id":"s","event_time":${start + 10},${fields}}`
    const dead: readonly (readonly [string, string | null])[] = [
      ['invalid_json', '{"event_type": "purchase"'],
      ['invalid_json', 'x'.repeat(900_000)],
      // It fits into the topic by itself, and no more with the headers of a dead letter.
      ['invalid_json', 'y'.repeat(1_048_480)],
      ['future_event_time', '{"event_type":"page_view","event_time":"3000-01-01T00:00:00Z"}'],
      ['future_event_time', '{"event_type":"page_view","event_time":32503680000000}'],
      ['not_an_object', '[1]'],
      ['missing_event_time', '{"event_type":"page_view"}']
    ]
    const events = [
      event('"price":"NaN"'),
      event('"price":-5'),
      event('"price":10,"event_type":"teleport"'),
      event('"price":10,"category":"__proto__"'),
      event('"price":10,"__proto__":{"price":7}')
    ]
    for (const value of [events[0] as string, ...dead.map(([, value]) => value), ...events.slice(1)])
      await kafka.produce(topic, [{ value, timestamp: start + 20 }])
    await kafka.produce(topic, [
      { value: `{"event_type":"search","event_time":${start + 2_000}}`, timestamp: start + 2_000 }
    ])
    const program = await startProgram(
      pipelineConfig({ pipeline, topic, brokers: kafka.bootstrap, store: engine.section() }),
      { onTestFinished }
    )
    await doneUntil(kafka, topic, start + secondMs)

    const kept = await kafka.readToEnd(`${topic}.dlq`)
    expect(kept.map(({ headers }) => headers)).toEqual(
      dead.map(([reason, value], index) => ({
        reason,
        topic,
        partition: '0',
        offset: String(index + 1),
        ...(value?.startsWith('y') && { original_size: String(value.length) })
      }))
    )
    expect(kept.map(({ value }) => value)).toEqual(
      dead.map(([, value]) => (value?.startsWith('y') ? 'y'.repeat(500_000) : value))
    )
    const stored = await storedUntil(engine.rows, pipeline, start + secondMs)
    expect(stored).toEqual(await recountedUntil(kafka, topic, start + secondMs))
    expect(stored.get(start)).toMatchObject({ events: 5, dead: 7, invalid_rate: 3 / 5, revenue: 20 })
    expect(await program.metric('cartwatch_dead_letters_total', { reason: 'future_event_time' })).toBe(2)
  })

  test('counts a late event as late, and changes no window for it', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('late')
    const start = secondOf(Date.now())
    const view = (at: number, timestamp = at) => ({
      value: `{"event_type":"page_view","session_id":"s${at}","event_time":${start + at}}`,
      timestamp: start + timestamp
    })
    const program = await startProgram(
      pipelineConfig({ pipeline, topic, brokers: kafka.bootstrap, store: engine.section() }),
      { onTestFinished }
    )
    await kafka.produce(topic, [view(100), view(900), view(1_600)])
    await doneUntil(kafka, topic, start + secondMs)
    await kafka.produce(topic, [view(500, 1_700), view(1_100, 1_700), view(2_600)])
    await doneUntil(kafka, topic, start + 2 * secondMs)
    const stored = await storedUntil(engine.rows, pipeline, start + 2 * secondMs)
    expect(stored.get(start)).toMatchObject({ events: 2, late: 0, visits: 2 })
    expect(stored.get(start + secondMs)).toMatchObject({ events: 2, late: 1, visits: 2, late_rate: 1 / 3 })
    expect(await program.metric('cartwatch_late_events_total', { topic, partition: '0' })).toBe(1)
  })

  test('waits neither for a partition that is quiet, nor for one that ends in a control record, nor for an empty one', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 3 })
    const pipeline = uniqueName('quiet')
    const start = secondOf(Date.now()) - 20_000
    const view = (partition: number, at: number) => ({
      partition,
      value: `{"event_type":"page_view","session_id":"s${at}","event_time":${start + at}}`,
      timestamp: start + at
    })
    await kafka.produceInTransaction(topic, [view(0, 100), view(0, 1_200)])
    await kafka.produceInTransaction(topic, [view(0, 1_300)], 'abort')
    await kafka.produce(
      topic,
      Array.from({ length: 40 }, (_, index) => view(1, 100 + index * 300))
    )
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
    const end = start + 12_000
    await doneUntil(kafka, topic, end)
    expect(await storedUntil(engine.rows, pipeline, end)).toEqual(await recountedUntil(kafka, topic, end))
    const ends = await kafka.endOffsets(topic)
    const commits = await kafka.groupOffsets(topic, topic)
    expect([...commits].map(([partition, { offset }]) => [partition, offset])).toEqual(
      [...commits].map(([partition]) => [partition, ends.get(partition)])
    )
    expect(await program.metric('cartwatch_consumer_lag_records')).toBe(0)
  })

  test('continues by the clock of a topic of old events, and does not jump to today', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('old')
    const start = secondOf(Date.now()) - 30 * 86_400_000
    const producedAt = Date.now()
    await kafka.produce(
      topic,
      Array.from({ length: 30 }, (_, index) => ({
        value: `{"event_type":"page_view","event_time":${start + index * 100}}`
      }))
    )
    await startProgram(
      pipelineConfig({
        pipeline,
        topic,
        brokers: kafka.bootstrap,
        store: engine.section(),
        windows: { idle: '1s' }
      }),
      { onTestFinished }
    )
    await doneUntil(kafka, topic, start + 3 * secondMs)
    expect(await storedUntil(engine.rows, pipeline, start + 3 * secondMs)).toEqual(
      await recountedUntil(kafka, topic, start + 3 * secondMs)
    )
    const [newest] = await engine.rows<{ end: number }>(
      `SELECT toUnixTimestamp(max(window_end)) * 1000 AS end FROM realtime.windows WHERE pipeline = '${pipeline}'`
    )
    expect(newest?.end).toBeLessThan(start + 3 * secondMs + (Date.now() - producedAt))
  })

  test('reads every codec', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('codecs')
    const start = secondOf(Date.now())
    const lines = (codec: string) =>
      Array.from(
        { length: 200 },
        (_, index) =>
          `{"event_type":"page_view","session_id":"${codec}${index}","category":"shoes","event_time":${start + index}}`
      )
    for (const [name, codec] of [
      ['none', undefined],
      ['gzip', GZIP],
      ['snappy', Snappy],
      ['zstd', ZSTD]
    ] as const) {
      const records = lines(name).map(value => ({ value, timestamp: start + 300 }))
      await kafka.produce(topic, records, codec)
    }
    // KafkaJS has no LZ4 to write with.
    const inJava = inject('ownBrokers')
    if (inJava) {
      const address = ['--bootstrap-server', kafka.bootstrap, '--topic', topic]
      const codec = ['--compression-codec', 'lz4', '--batch-size', '100000']
      const tool = 'org.apache.kafka.tools.ConsoleProducer'
      await runKafkaTool(tool, [...address, ...codec], lines('lz4').join('\n'))
    }
    await kafka.produce(topic, [
      {
        value: `{"event_type":"page_view","event_time":${start + 2_000}}`,
        timestamp: Math.max(Date.now(), start + 2_000)
      }
    ])
    await startProgram(
      pipelineConfig({ pipeline, topic, brokers: kafka.bootstrap, store: engine.section() }),
      {
        onTestFinished
      }
    )
    await doneUntil(kafka, topic, start + secondMs)
    const stored = await storedUntil(engine.rows, pipeline, start + secondMs)
    expect(stored.get(start)).toMatchObject({ events: inJava ? 1_000 : 800, visits: inJava ? 1_000 : 800 })
    expect(stored).toEqual(await recountedUntil(kafka, topic, start + secondMs))
  })
})
