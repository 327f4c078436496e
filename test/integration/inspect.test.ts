import { expect, test } from 'vitest'
import { readNewest } from '../../src/source/kafka/newest.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { createRecordedLog } from '../support/recorded-log.ts'

describeWithKafka('the newest records of a topic', () => {
  const kafka = useKafka()

  const options = (group = uniqueName('group')) => ({
    brokers: [kafka.bootstrap],
    clientId: 'cartwatch',
    group,
    maxBytesPerPartition: 1_048_576,
    clock: wallClock,
    log: createRecordedLog()
  })
  const newest = async (topic: string, count: number, group?: string) =>
    (await readNewest(options(group), topic, count)).map(({ value }) => value?.toString() ?? null).sort()

  test('are as many of each partition that has some, and nothing is committed', async () => {
    const topic = await kafka.createTopic({ partitions: 3 })
    await kafka.produce(
      topic,
      Array.from({ length: 60 }, (_, at) => ({
        partition: at % 2,
        value: `${at % 2}-${10 + Math.floor(at / 2)}`
      }))
    )
    const group = uniqueName('group')
    expect(await newest(topic, 6, group)).toEqual(['0-37', '0-38', '0-39', '1-37', '1-38', '1-39'])
    const { groups } = await kafka.admin.listGroups()
    const own = groups.map(({ groupId }) => groupId).filter(id => id.startsWith(group))
    const offsets = await Promise.all([group, ...own].map(id => kafka.groupOffsets(id, topic)))
    expect(offsets.flatMap(found => [...found.values()]).filter(({ offset }) => offset >= 0)).toEqual([])
  })

  test('are all where there are fewer, and none of an empty topic', async () => {
    const topic = await kafka.createTopic({ partitions: 2 })
    expect(await newest(topic, 100)).toEqual([])
    await kafka.produce(topic, [
      { partition: 0, value: 'a' },
      { partition: 0, value: 'b' }
    ])
    expect(await newest(topic, 100)).toEqual(['a', 'b'])
  })

  test('of a topic that is not there are asked for in vain', async () => {
    await expect(newest(uniqueName('none'), 1)).rejects.toThrow(/^there is no topic none-/)
  })
})
