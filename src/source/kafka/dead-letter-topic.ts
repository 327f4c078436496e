import type { Admin, Message, Producer } from 'kafkajs'
import { messageOf as reasonOf } from '../../telemetry/message.ts'
import type { DeadLetter, DeadLetters } from '../dead-letters.ts'
import { causesOf, SourceError } from '../error.ts'
import type { Fence } from '../fence.ts'
import { parsePartitionKey } from '../partition.ts'

/** Well below a broker's default limit of 1 MiB for a batch; a single letter may be larger. */
const batchBytes = 500_000
/**
 * A letter that does not fit with its headers is sent without its key, its value cut to the first of these that fits: a
 * letter that cannot be stored would hold back every later offset.
 */
const cuts = [500_000, 50_000, 0]

const deadLetterTopic = (topic: string) => `${topic}.dlq`

/** Creates the missing dead-letter topics. Rejects with a SourceError that says what to do. */
export async function ensureDeadLetterTopics(admin: Admin, topics: readonly string[]): Promise<void> {
  const existing = new Set(await admin.listTopics())
  const missing = topics.map(deadLetterTopic).filter(topic => !existing.has(topic))
  if (missing.length === 0) return
  try {
    // The producer waits for a leader itself; waiting here fails while the broker does not know the topic.
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map(topic => ({ topic, numPartitions: 1 }))
    })
  } catch (cause) {
    throw new SourceError(
      'DEAD_LETTER_TOPIC',
      `the dead-letter topic ${missing.join(', ')} is missing and could not be created (${reasonOf(cause)}): ` +
        'create it, allow cartwatch to create it, or set dead_letter: file or count',
      { retryable: isPassing(cause), cause }
    )
  }
}

/** Rejects with a SourceError where we may not write to a dead-letter topic: a first dead letter would stop all commits. */
export async function requireWriteRights(producer: Producer, topics: readonly string[]): Promise<void> {
  for (const topic of topics.map(deadLetterTopic)) {
    // Any other refusal comes behind the rights.
    const refusal = await sendNothing(producer, topic).then(
      () => undefined,
      (error: unknown) => error
    )
    if (!typesOf(refusal).includes('TOPIC_AUTHORIZATION_FAILED')) continue
    throw new SourceError(
      'DEAD_LETTER_TOPIC',
      `we may not write to the dead-letter topic ${topic}: allow it, or set dead_letter: file or count`,
      { retryable: false, cause: refusal }
    )
  }
}

/** Our patch of KafkaJS adds it: a batch without records, of which the broker looks at the rights and keeps nothing. */
async function sendNothing(producer: Producer, topic: string): Promise<void> {
  if ('sendNothing' in producer && typeof producer.sendNothing === 'function')
    await Reflect.apply(producer.sendNothing, producer, [topic])
}

/** Whether it may pass by itself, such as a controller that moves or a broken connection. */
function isPassing(cause: unknown): boolean {
  const { retriable, errors } = cause as {
    readonly retriable?: unknown
    readonly errors?: readonly unknown[]
  }
  return errors === undefined ? retriable === true : errors.every(isPassing)
}

/**
 * Sends dead letters to `<topic>.dlq`: whole if they fit, otherwise cut, with the original size in a header. `ensure` makes
 * the topics again where somebody deleted them.
 */
export function createDeadLetterTopic(
  producer: Producer,
  fence: Pick<Fence, 'pass'>,
  ensure: () => Promise<void>
): DeadLetters {
  async function keep(letters: readonly DeadLetter[]): Promise<void> {
    for (const [topic, batch] of batches(letters)) {
      try {
        await send(
          topic,
          batch.map(letter => messageOf(letter))
        )
      } catch (error) {
        if (isMissing(error)) await ensure()
        if (!isTooLarge(error)) throw unkept(topic, error)
        for (const letter of batch) await keepAlone(topic, letter)
      }
    }
  }

  async function keepAlone(topic: string, letter: DeadLetter): Promise<void> {
    for (const cutTo of [undefined, ...cuts]) {
      try {
        await send(topic, [messageOf(letter, cutTo)])
        return
      } catch (error) {
        if (!isTooLarge(error) || cutTo === 0) throw unkept(topic, error)
      }
    }
  }

  async function send(topic: string, messages: Message[]): Promise<void> {
    await fence.pass()
    await producer.send({ topic, acks: -1, messages })
  }

  return { keep, close: () => producer.disconnect() }
}

function* batches(letters: readonly DeadLetter[]): Generator<[string, DeadLetter[]]> {
  let topic = ''
  let batch: DeadLetter[] = []
  let bytes = 0
  for (const letter of letters) {
    const to = deadLetterTopic(parsePartitionKey(letter.partition).topic)
    const size = (letter.value?.length ?? 0) + (letter.key?.length ?? 0) + 200
    if (batch.length > 0 && (to !== topic || bytes + size > batchBytes)) {
      yield [topic, batch]
      batch = []
      bytes = 0
    }
    topic = to
    batch.push(letter)
    bytes += size
  }
  if (batch.length > 0) yield [topic, batch]
}

function messageOf(
  { partition: key, offset, reason, key: recordKey, value }: DeadLetter,
  cutTo?: number
): Message {
  const { topic, partition } = parsePartitionKey(key)
  const isCut = cutTo !== undefined
  return {
    key: isCut ? null : recordKey,
    value: value?.subarray(0, cutTo) ?? null,
    headers: {
      reason,
      topic,
      partition: String(partition),
      offset: String(offset),
      ...(isCut && { original_size: String(value?.length ?? 0) }),
      ...(isCut && recordKey !== null && { original_key_size: String(recordKey.length) })
    }
  }
}

const unkept = (topic: string, cause: unknown): SourceError =>
  new SourceError('DEAD_LETTER_TOPIC', `${topic}: ${reasonOf(cause)}`, { retryable: true, cause })

const isTooLarge = (error: unknown): boolean =>
  typesOf(error).some(type => type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE')

const isMissing = (error: unknown): boolean => typesOf(error).includes('UNKNOWN_TOPIC_OR_PARTITION')

/** Kafka's words for what is wrong. */
const typesOf = (error: unknown): readonly unknown[] =>
  causesOf(error).map(cause => ('type' in cause ? cause.type : undefined))
