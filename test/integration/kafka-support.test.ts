import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'

describeWithKafka('the Kafka of the tests', () => {
  const kafka = useKafka()

  test('keeps keys, headers, timestamps and tombstones of raw records', async () => {
    const topic = await kafka.createTopic({ partitions: 2 })
    await kafka.produce(topic, [
      {
        partition: 0,
        key: 'k',
        value: 'v',
        headers: { reason: 'invalid_json' },
        timestamp: 1_700_000_000_000
      },
      { partition: 1, value: null, timestamp: 1_700_000_000_001 }
    ])
    expect(await kafka.readToEnd(topic)).toEqual([
      {
        partition: 0,
        offset: 0,
        timestamp: 1_700_000_000_000,
        key: 'k',
        value: 'v',
        headers: { reason: 'invalid_json' }
      },
      { partition: 1, offset: 0, timestamp: 1_700_000_000_001, key: null, value: null, headers: {} }
    ])
  })

  test('ends a transaction in a control record that no reader sees', async () => {
    const topic = await kafka.createTopic()
    await kafka.produceInTransaction(topic, [{ value: 'kept' }])
    await kafka.produceInTransaction(topic, [{ value: 'aborted' }], 'abort')
    expect(await kafka.endOffsets(topic)).toEqual(new Map([[0, 4]]))
    expect((await kafka.readToEnd(topic)).map(({ value }) => value)).toEqual(['kept'])
  })

  test('gives the metadata of a commit back with its offset', async () => {
    const topic = await kafka.createTopic()
    const groupId = uniqueName('group')
    expect(await kafka.groupOffsets(groupId, topic)).toEqual(new Map([[0, { offset: -1, metadata: null }]]))
    const consumer = kafka.client().consumer({ groupId, maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic })
    const joined = new Promise(resolve => consumer.on(consumer.events.GROUP_JOIN, resolve))
    await consumer.run({ autoCommit: false, eachBatch: async () => {} })
    await joined
    await consumer.commitOffsets([{ topic, partition: 0, offset: '0', metadata: '{"sealedUntil":60000}' }])
    await consumer.disconnect()
    expect(await kafka.groupOffsets(groupId, topic)).toEqual(
      new Map([[0, { offset: 0, metadata: '{"sealedUntil":60000}' }]])
    )
  })
})
