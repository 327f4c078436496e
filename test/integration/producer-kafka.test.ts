import { expect, test } from 'vitest'
import { eventsOf } from '../../producer/events.ts'
import { openKafka } from '../../producer/kafka.ts'
import { paced } from '../../producer/pace.ts'
import { scenarioPlan } from '../../producer/plan.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'

const plan = scenarioPlan({
  scenario: 'steady',
  seed: 3,
  startMs: Date.UTC(2026, 9, 5, 12),
  durationMs: 5 * 60_000
})
const batches = () =>
  paced(eventsOf(plan), { kind: 'unlimited' }, plan.startMs, {
    now: () => 0,
    sleep: () => Promise.reject(new Error('nothing to wait for'))
  })

describeWithKafka('the producer on a real Kafka', () => {
  const kafka = useKafka()
  const target = (topic: string, force = false) => ({
    brokers: [kafka.bootstrap],
    topic,
    partitions: 3,
    force
  })

  test('creates the topic and sends every event once, a session on one partition, at the time of sending', async () => {
    const topic = uniqueName('produced')
    const beganMs = Date.now()
    const writer = await openKafka(target(topic))
    let told = 0
    await writer.write(batches(), batch => {
      told += batch.length
    })
    await writer.close()

    const records = await kafka.readToEnd(topic)
    const lines = records.map(({ value }) => String(value))
    expect(lines.sort()).toEqual([...eventsOf(plan)].map(({ line }) => line).sort())
    expect(told).toBe(lines.length)
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(3)
    const partitions = new Map<string, Set<number>>()
    for (const { key, partition } of records) {
      partitions.set(String(key), (partitions.get(String(key)) ?? new Set()).add(partition))
    }
    expect([...partitions.values()].filter(({ size }) => size !== 1)).toEqual([])
    expect(records.filter(({ timestamp }) => Number(timestamp) < beganMs - 60_000)).toEqual([])
  })

  test('a topic that has records is refused, and added to when forced', async () => {
    const topic = await kafka.createTopic({ partitions: 1 })
    await kafka.produce(topic, [{ value: '{}' }])
    await expect(openKafka(target(topic))).rejects.toMatchObject({
      code: 'TOPIC_NOT_EMPTY',
      retryable: false
    })

    const writer = await openKafka(target(topic, true))
    await writer.write(batches())
    await writer.close()
    expect(await kafka.readToEnd(topic)).toHaveLength([...eventsOf(plan)].length + 1)
  })

  test('a topic that is there and empty is taken', async () => {
    const topic = await kafka.createTopic({ partitions: 1 })
    const writer = await openKafka(target(topic))
    await writer.close()
    expect(await kafka.readToEnd(topic)).toEqual([])
  })

  test('an address without a broker is said', async () => {
    await expect(openKafka({ ...target('none'), brokers: ['127.0.0.1:1'] })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      retryable: true
    })
  })
})
