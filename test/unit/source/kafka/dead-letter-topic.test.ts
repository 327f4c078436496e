import kafkajs, { type Admin } from 'kafkajs'
import { expect, test } from 'vitest'
import { ensureDeadLetterTopics } from '../../../../src/source/kafka/dead-letter-topic.ts'

const { KafkaJSProtocolError, KafkaJSAggregateError, KafkaJSConnectionError } = kafkajs

/** An admin of a cluster with these topics, which answers a creation with an error if there is one. */
function cluster(topics: readonly string[], error?: Error) {
  const created: string[] = []
  const admin = {
    listTopics: async () => [...topics],
    createTopics: async ({ topics }: { topics: readonly { topic: string }[] }) => {
      if (error !== undefined) throw error
      created.push(...topics.map(({ topic }) => topic))
      return true
    }
  }
  return { admin: admin as unknown as Admin, created }
}

const refusal = (type: string, retriable: boolean) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 0, retriable }))

test('only the dead-letter topics that are missing are made', async () => {
  const { admin, created } = cluster(['a', 'b', 'b.dlq'])
  await ensureDeadLetterTopics(admin, ['a', 'b'])
  expect(created).toEqual(['a.dlq'])
})

test('a creation that is not allowed ends it, with what to do', async () => {
  const error = new KafkaJSAggregateError('Topic creation errors', [
    refusal('TOPIC_AUTHORIZATION_FAILED', false)
  ])
  const making = ensureDeadLetterTopics(cluster(['a'], error).admin, ['a'])
  await expect(making).rejects.toMatchObject({ code: 'DEAD_LETTER_TOPIC', retryable: false })
  await expect(making).rejects.toThrow('set dead_letter: file or count')
})

test.each([
  [
    'a moving controller',
    new KafkaJSAggregateError('Topic creation errors', [refusal('NOT_CONTROLLER', true)])
  ],
  ['a broker that does not know the new topic yet', refusal('UNKNOWN_TOPIC_OR_PARTITION', true)],
  ['a broken connection', new KafkaJSConnectionError('Connection timeout')]
])('a creation that failed for %s may be tried again', async (_, error) => {
  const making = ensureDeadLetterTopics(cluster(['a'], error).admin, ['a'])
  await expect(making).rejects.toMatchObject({ retryable: true })
})
