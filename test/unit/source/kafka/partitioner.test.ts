import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { boundedPartitioner } from '../../../../src/source/kafka/partitioner.ts'

const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
  partitionErrorCode: 0,
  partitionId,
  leader: 0,
  replicas: [0],
  isr: [0]
}))
const placeOf = (key: Buffer | string | null) => ({
  topic: 't',
  partitionMetadata,
  message: { key, value: null }
})

test("a key gets the partition that KafkaJS's default gives it, a long one that of its beginning", () => {
  const own = boundedPartitioner()
  const theirs = kafkajs.Partitioners.DefaultPartitioner()
  for (const key of ['a', 'shop-17', 'x'.repeat(1_024), Buffer.from([0, 255])])
    expect(own(placeOf(key))).toBe(theirs(placeOf(key)))
  expect(own(placeOf('x'.repeat(1_000_000)))).toBe(theirs(placeOf('x'.repeat(1_024))))
  expect(own(placeOf(Buffer.alloc(1_000_000, 7)))).toBe(theirs(placeOf(Buffer.alloc(1_024, 7))))
  expect(own(placeOf(null))).toBeGreaterThanOrEqual(0)
})
