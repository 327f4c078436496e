import kafkajs, { type Admin, type Message, type Producer } from 'kafkajs'
import { expect, test } from 'vitest'
import {
  createDeadLetterTopic,
  ensureDeadLetterTopics,
  requireWriteRights
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
  return { letters: createDeadLetterTopic(producer, { pass: async () => {} }, async () => {}), kept }
}

const letter = (key: Buffer | null, value: Buffer | null) => ({
  partition: 'shop/3' as const,
  offset: 7,
  reason: 'undecodable_batch' as const,
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

test('a topic that was deleted is made again, and the letter is kept at the next try', async () => {
  const kept: Message[] = []
  let isThere = false
  const producer = {
    async send({ messages }: { readonly messages: readonly Message[] }) {
      if (!isThere) throw refusal('UNKNOWN_TOPIC_OR_PARTITION', true)
      kept.push(...messages)
    }
  } as unknown as Producer
  const letters = createDeadLetterTopic(producer, { pass: async () => {} }, async () => {
    isThere = true
  })
  await expect(letters.keep([letter(null, Buffer.from('x'))])).rejects.toThrow(/^shop\.dlq: /)
  await letters.keep([letter(null, Buffer.from('x'))])
  expect(kept).toHaveLength(1)
})

test('a topic that takes nothing is named with the reason', async () => {
  const producer = {
    async send() {
      throw refusal('TOPIC_AUTHORIZATION_FAILED', false)
    }
  } as unknown as Producer
  const letters = createDeadLetterTopic(producer, { pass: async () => {} }, async () => {})
  await expect(letters.keep([letter(null, null)])).rejects.toMatchObject({
    code: 'DEAD_LETTER_TOPIC',
    message: expect.stringMatching(/^shop\.dlq: /)
  })
})

test('at the start, a topic that we may not write to is named, and any other refusal of nothing is fine', async () => {
  const asked: string[] = []
  const refusing = (types: Readonly<Record<string, string>>) =>
    ({
      async sendNothing(topic: string) {
        asked.push(topic)
        const type = types[topic]
        if (type !== undefined) throw refusal(type, false)
      }
    }) as unknown as Producer
  await requireWriteRights(refusing({ 'a.dlq': 'INVALID_RECORD' }), ['a', 'b'])
  expect(asked).toEqual(['a.dlq', 'b.dlq'])
  const error = await requireWriteRights(refusing({ 'b.dlq': 'TOPIC_AUTHORIZATION_FAILED' }), [
    'a',
    'b'
  ]).catch((cause: unknown) => cause)
  expect(error).toMatchObject({
    code: 'DEAD_LETTER_TOPIC',
    retryable: false,
    message: 'we may not write to the dead-letter topic b.dlq: allow it, or set dead_letter: file or count'
  })
})
