import type { Admin } from 'kafkajs'
import type { Clock } from '../../telemetry/clock.ts'
import { createWaker } from '../../telemetry/waker.ts'
import { type PartitionKey, partitionKey } from '../partition.ts'
import type { SourceFault } from '../types.ts'
import { isMissingTopic, missingTopics, topicFault } from './missing-topics.ts'

export interface EndsOptions {
  readonly admin: Admin
  readonly topics: readonly string[]
  readonly clock: Clock
  readonly pollMs: number
  readonly onError: (error: unknown) => void
  /** Called before each request. */
  readonly onAsk?: () => void
}

/** The broker's answer, asked for at `askedAt`: where a partition begins and ends. */
export type EndSeen = (key: PartitionKey, begin: number, end: number, askedAt: number) => void

/**
 * Asks for the partitions' ends again and again: KafkaJS calls no handler for an empty fetch, so only this shows that a
 * partition is read to its end. An answer counts from when it was asked for, which is never too late.
 */
export function watchEnds({ admin, topics, clock, pollMs, onError, onAsk = () => {} }: EndsOptions) {
  const ends = new Map<PartitionKey, number>()
  let answeredAt: number | undefined
  let missing: SourceFault | undefined
  let stopped = false
  const next = createWaker(clock)

  async function poll(seen: EndSeen): Promise<void> {
    while (!stopped) {
      const askedAt = clock.now()
      onAsk()
      try {
        for (const topic of topics) {
          for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
            if (stopped) return
            const key = partitionKey(topic, partition)
            ends.set(key, Number(high))
            seen(key, Number(low), Number(high), askedAt)
          }
        }
        answeredAt = askedAt
        missing = undefined
      } catch (error) {
        onError(error)
        if (isMissingTopic(error)) await checkTopics()
      }
      await next.wait(pollMs)
    }
  }

  async function checkTopics(): Promise<void> {
    try {
      const now = clock.now()
      const names = await missingTopics(admin, topics)
      answeredAt = now
      missing = names.length === 0 ? undefined : topicFault(names, missing?.since ?? now)
    } catch (error) {
      onError(error)
    }
  }

  return {
    start: (seen: EndSeen): void => void poll(seen),
    /** Asks now instead of after `pollMs`. */
    ask: next.wake,
    answeredAt: (): number | undefined => answeredAt,
    /** Topics that the broker says it does not have, and since when. */
    missing: (): SourceFault | undefined => missing,
    /** Records between a position and the last end seen. */
    lag: (
      keys: readonly PartitionKey[],
      position: (key: PartitionKey) => number | undefined
    ): ReadonlyMap<PartitionKey, number> =>
      new Map(
        keys.map(key => {
          const end = ends.get(key)
          const at = position(key)
          return [key, end === undefined || at === undefined ? 0 : Math.max(0, end - at)]
        })
      ),
    stop(): void {
      stopped = true
      next.wake()
    }
  }
}
