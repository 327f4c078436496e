import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
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
