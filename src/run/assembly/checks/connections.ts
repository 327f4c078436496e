import { probeMailServer } from '../../../channel/email/probe.ts'
import { createHttp } from '../../../channel/http.ts'
import { probeBot } from '../../../channel/slack/probe.ts'
import type { Config } from '../../../config/schema.ts'
import type { ReceiverSettings } from '../../../routing/receiver.ts'
import { probeTopics } from '../../../source/kafka/probe.ts'
import type { Clock } from '../../../telemetry/clock.ts'
import { messageOf } from '../../../telemetry/message.ts'
import { maskOf } from '../mask.ts'
import { openConfigured } from '../open-store.ts'

/** The answer of what a configuration connects to. */
export interface ConnectionCheck {
  /** Where the configuration has it. */
  readonly path: string
  readonly isReached: boolean
  readonly answer: string
}

/** For each of them. */
const limitMs = 10_000

/**
 * Asks all at once, and never longer than the limit: Kafka for the topics, ClickHouse, Slack's bots, mail servers. Nothing is
 * sent to a person: webhooks and PagerDuty are not asked.
 */
export function checkConnections(
  config: Config,
  clock: Pick<Clock, 'now'>,
  timeoutMs = limitMs
): Promise<readonly ConnectionCheck[]> {
  const mask = maskOf(config)
  const probes: (readonly [string, Promise<string>])[] = [
    ['kafka', askKafka(config, clock, timeoutMs)],
    ['store', askStore(config, timeoutMs)],
    ...[...config.receivers].flatMap(([name, receiver]) => {
      const asked = askReceiver(receiver, timeoutMs)
      return asked === undefined ? [] : [[`receivers.${name}`, asked] as const]
    })
  ]
  return Promise.all(
    probes.map(async ([path, asked]) => {
      try {
        return { path, isReached: true, answer: mask(await within(asked, timeoutMs)) }
      } catch (error) {
        return { path, isReached: false, answer: mask(messageOf(error)) }
      }
    })
  )
}

async function within<Answer>(asked: Promise<Answer>, timeoutMs: number): Promise<Answer> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    return await Promise.race([asked, promise])
  } finally {
    clearTimeout(timer)
  }
}

async function askKafka({ kafka }: Config, clock: Pick<Clock, 'now'>, timeoutMs: number): Promise<string> {
  const topics = await probeTopics(kafka, clock, timeoutMs)
  return topics
    .map(
      ({ topic, partitions }) => `${topic} has ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`
    )
    .join(', ')
}

async function askStore(config: Config, timeoutMs: number): Promise<string> {
  if (config.store.url === undefined)
    return `the embedded engine in ${config.store.folder} needs no connection`
  const store = await openConfigured({ store: { ...config.store, timeoutMs } })
  try {
    await store.ping()
    return 'ClickHouse answers'
  } finally {
    await store.close()
  }
}

/** Undefined where the question would be a message. */
function askReceiver(receiver: ReceiverSettings, timeoutMs: number): Promise<string> | undefined {
  switch (receiver.type) {
    case 'slack_bot':
      return askBot(receiver, timeoutMs)
    case 'email':
      return probeMailServer(receiver, timeoutMs)
    case 'slack':
    case 'teams':
    case 'webhook':
    case 'pagerduty':
      return undefined
    default:
      throw receiver satisfies never
  }
}

async function askBot(bot: Parameters<typeof probeBot>[0], timeoutMs: number): Promise<string> {
  const http = createHttp({ timeoutMs })
  try {
    return await probeBot(bot, http)
  } finally {
    await http.close()
  }
}
