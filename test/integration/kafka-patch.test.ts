import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createFetchPace } from '../../src/source/kafka/fetch-pace.ts'
import { walkOver } from '../../src/source/kafka/fetch-walk.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { clientOf } from '../support/kafka-client.ts'
import { kafkaProxy } from '../support/proxies.ts'
import { until } from '../support/until.ts'

describeWithKafka('a connection that has nothing to send', () => {
  const kafka = useKafka()
  const warnings: string[] = []
  const warned = (warning: Error) => warnings.push(warning.name)

  beforeEach(() => void process.on('warning', warned))
  afterEach(() => void process.off('warning', warned))

  test('schedules no timer of a millisecond or less, and Node warns of none', async () => {
    const admin = kafka.client().admin()
    await admin.connect()
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await admin.listTopics()
    await admin.describeCluster()
    const delays = timers.mock.calls.map(([, delayMs]) => Number(delayMs))
    timers.mockRestore()
    await admin.disconnect()
    expect(delays.filter(delayMs => !(delayMs > 1))).toEqual([])
    expect(warnings).toEqual([])
  })
})

describeWithKafka('a member of a group', () => {
  const kafka = useKafka()

  test('reads over a slow link what no fetch of the usual size would bring in time, and joins once', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const value = randomBytes(40_000)
    for (let batch = 0; batch < 5; batch++) await kafka.produce(topic, [{ value }, { value }])
    const link = await kafkaProxy(kafka.bootstrap, () => false, onTestFinished, { bytesPerSecond: 50_000 })
    const pace = createFetchPace()
    const read = new Set<number>()
    const consumer = clientOf(link.address, { requestTimeout: 6_400 }).consumer({
      groupId: uniqueName('slow'),
      sessionTimeout: 6_000,
      heartbeatInterval: 300,
      fetchBytes: pace.bytes
    })
    const { GROUP_JOIN, HEARTBEAT, REQUEST_TIMEOUT } = consumer.events
    const seen = { joins: 0, heartbeats: 0, timeouts: 0 }
    consumer.on(GROUP_JOIN, () => void seen.joins++)
    consumer.on(HEARTBEAT, () => void seen.heartbeats++)
    consumer.on(REQUEST_TIMEOUT, () => void seen.timeouts++)
    pace.watch(consumer)
    await consumer.connect()
    onTestFinished(() => consumer.disconnect())
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      async eachBatch({ batch, resolveOffset, heartbeat }) {
        for (const { offset } of walkOver(batch)) read.add(offset)
        resolveOffset(batch.lastOffset())
        await heartbeat()
      }
    })
    await until('all records', () => read.size === 10)
    expect(seen).toMatchObject({ joins: 1, timeouts: 0 })
    expect(seen.heartbeats).toBeGreaterThan(1)
    expect(pace.slowness()).toMatch(/^the broker answers too slowly: \d+ KB\/s$/)
  })

  test('keeps sending heartbeats when the wall clock is set back by an hour', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic()
    const consumer = kafka.client().consumer({
      groupId: uniqueName('heartbeats'),
      heartbeatInterval: 100,
      maxWaitTimeInMs: 100
    })
    let heartbeats = 0
    consumer.on(consumer.events.HEARTBEAT, () => void heartbeats++)
    await consumer.connect()
    onTestFinished(() => consumer.disconnect())
    await consumer.subscribe({ topics: [topic] })
    await consumer.run({ eachMessage: async () => {} })
    await until('a heartbeat', () => heartbeats > 0)
    const { now } = Date
    const set = vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000)
    onTestFinished(() => void set.mockRestore())
    const before = heartbeats
    await until('heartbeats of the time that it was set to', () => heartbeats > before + 1)
  })
})
