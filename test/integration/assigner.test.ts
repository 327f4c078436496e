import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Consumer } from 'kafkajs'
import { afterEach, expect, test } from 'vitest'
import { createOneOwnerAssigner, createOwnership } from '../../src/source/kafka/assigner.ts'
import { walkOver } from '../../src/source/kafka/fetch-walk.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { until } from '../support/until.ts'

describeWithKafka('members of a group with the one-owner assigner', () => {
  const kafka = useKafka()
  const running = new Set<Consumer>()

  interface Member {
    readonly joins: number
    readonly partitions: readonly number[]
    readonly values: readonly string[]
    stop(): Promise<void>
  }

  async function join(groupId: string, topic: string): Promise<Member> {
    const ownership = createOwnership(wallClock)
    const consumer = kafka.client().consumer({
      groupId,
      partitionAssigners: [
        createOneOwnerAssigner({
          ownership,
          instance: () => ({ name: 'member', host: '', port: 8080 }),
          clock: wallClock
        })
      ],
      sessionTimeout: 6_000,
      heartbeatInterval: 200,
      maxWaitTimeInMs: 100
    })
    running.add(consumer)
    const member = {
      joins: 0,
      partitions: [] as number[],
      values: [] as string[],
      async stop() {
        running.delete(consumer)
        await consumer.disconnect()
      }
    }
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      ownership.joined(payload.memberAssignment)
      member.joins += 1
      member.partitions = payload.memberAssignment[topic] ?? []
    })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      async eachBatch({ batch }) {
        for (const { record } of walkOver(batch)) member.values.push(String(record.value))
      }
    })
    await until('a first assignment', () => member.joins > 0)
    return member
  }

  afterEach(async () => {
    await Promise.all([...running].map(consumer => consumer.disconnect()))
    running.clear()
  })

  test('leave all partitions to one, whoever joins, until it stops', async () => {
    const topic = await kafka.createTopic({ partitions: 3 })
    const groupId = uniqueName('group')
    const first = await join(groupId, topic)
    expect(first.partitions).toEqual([0, 1, 2])

    const second = await join(groupId, topic)
    const third = await join(groupId, topic)
    await until('the first to rejoin', () => first.joins >= 3)
    await kafka.produce(
      topic,
      [0, 1, 2].map(partition => ({ partition, value: `${partition}` }))
    )
    await until('the records', () => first.values.length === 3)
    expect([first.partitions, second.partitions, third.partitions]).toEqual([[0, 1, 2], [], []])
    expect([second.values, third.values]).toEqual([[], []])

    await first.stop()
    const [owner, idle] = await until('a successor', () => {
      if (second.partitions.length > 0) return [second, third] as const
      return third.partitions.length > 0 && ([third, second] as const)
    })
    expect([owner.partitions, idle.partitions]).toEqual([[0, 1, 2], []])
  })

  test('keep the partitions where they went while their owner was paused', async () => {
    const topic = await kafka.createTopic({ partitions: 3 })
    const groupId = uniqueName('group')
    const [script, args] = ['test/support/one-owner-member.ts', [kafka.bootstrap, groupId, topic]]
    const given: string[] = []
    const paused = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    createInterface(paused.stdout).on('line', line => given.push(line))
    const ended = once(paused, 'exit')
    try {
      await until('the first to get the work', () => given.at(-1) === '3')
      const second = await join(groupId, topic)
      await until('the first to keep the work', () => given.length === 2)
      expect([given, second.partitions]).toEqual([['3', '3'], []])

      paused.kill('SIGSTOP')
      await until('the second to take over', () => second.partitions.length === 3)
      paused.kill('SIGCONT')
      await until('the first to come back', () => given.length === 3)
      await until('the second to have met it', () => second.joins >= 3)
      expect([given.at(-1), second.partitions]).toEqual(['0', [0, 1, 2]])
    } finally {
      paused.kill('SIGKILL')
      await ended
    }
  })
})
