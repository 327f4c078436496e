import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

interface Group {
  fetch(nodeId: number): Promise<readonly object[]>
  resume(partitions: readonly object[]): void
  subscriptionState: object
}

const ConsumerGroup = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as new (
  options: object
) => Group

const maxWaitTimeInMs = 500

/** A member of a group that has no partition to read. */
function groupWithNothingToRead(): Group {
  const group = new ConsumerGroup({
    cluster: { refreshMetadataIfNecessary: async () => {} },
    logger: { namespace: () => ({ info() {}, debug() {} }) },
    topics: [],
    topicConfigurations: {},
    instrumentationEmitter: { emit() {} },
    maxWaitTimeInMs
  })
  return Object.assign(group, {
    checkForStaleAssignment() {},
    filterPartitionsByNode: () => [],
    seekOffsets: async () => {},
    getActiveTopicPartitions: () => ({}),
    offsetManager: { committedOffsets: () => ({}) },
    subscriptionState: { assigned: () => [], resume() {} }
  })
}

describe('a fetch of the patched KafkaJS that has nothing to read', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('ends when partitions are resumed', async () => {
    const group = groupWithNothingToRead()
    const fetches = [group.fetch(1), group.fetch(2)]
    await vi.advanceTimersByTimeAsync(1)
    group.resume([])
    await expect(Promise.all(fetches)).resolves.toEqual([[], []])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('else waits as long as one for new records', async () => {
    let isOver = false
    const fetching = groupWithNothingToRead().fetch(1)
    void fetching.then(() => {
      isOver = true
    })
    await vi.advanceTimersByTimeAsync(maxWaitTimeInMs - 1)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(isOver).toBe(true)
  })
})
