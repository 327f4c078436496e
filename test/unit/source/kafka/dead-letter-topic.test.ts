import kafkajs, { type Admin, type Message, type Producer } from 'kafkajs'
import { expect, test } from 'vitest'
import {
  createDeadLetterTopic,
  ensureDeadLetterTopics
} from '../../../../src/source/kafka/dead-letter-topic.ts'

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

test('only the missing dead-letter topics are created', async () => {
  const { admin, created } = cluster(['a', 'b', 'b.dlq'])
  await ensureDeadLetterTopics(admin, ['a', 'b'])
  expect(created).toEqual(['a.dlq'])
})

test('a creation that is not allowed fails and says what to do', async () => {
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

/** A topic whose messages may have so many bytes, headers included. */
function topicOf(maxBytes: number) {
  const kept: Message[] = []
  const sizeOf = ({ key, value, headers }: Message) =>
    (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(headers).length
  const producer = {
    async send({ messages }: { readonly messages: readonly Message[] }) {
      if (messages.some(message => sizeOf(message) > maxBytes)) throw refusal('MESSAGE_TOO_LARGE', false)
      kept.push(...messages)
    }
  } as unknown as Producer
  return { letters: createDeadLetterTopic(producer, { pass: async () => {} }), kept }
}

const letter = (key: Buffer | null, value: Buffer | null) => ({
  partition: 'shop/3' as const,
  offset: 7,
  reason: 'null_value' as const,
  key,
  value
})

test.each([
  ['a key that fills the topic by itself', Buffer.alloc(1_000_000), null, null, '0', '1000000'],
  ['a long key and a short value', Buffer.alloc(1_000_000), Buffer.from('x'), 1, '1', '1000000'],
  ['a long value', null, Buffer.alloc(1_000_000), 500_000, '1000000', undefined]
])(
  '%s is kept without what does not fit, and says how long it was',
  async (_, key, value, size, original, keySize) => {
    const { letters, kept } = topicOf(1_000_000)
    await letters.keep([letter(key, value)])
    expect(kept).toHaveLength(1)
    expect(kept[0]).toMatchObject({ key: null, headers: { offset: '7', original_size: original } })
    expect(kept[0]?.value?.length ?? null).toBe(size)
    expect(kept[0]?.headers?.['original_key_size']).toBe(keySize)
  }
)

test('a letter is cut further if the topic accepts less; one beside it stays whole', async () => {
  const { letters, kept } = topicOf(1_000)
  await letters.keep([letter(null, Buffer.alloc(600_000)), letter(Buffer.from('k'), Buffer.from('whole'))])
  expect(kept.map(({ key, value }) => [key?.toString() ?? null, value?.length])).toEqual([
    [null, 0],
    ['k', 5]
  ])
})
