import { z } from 'zod'
import { logLevels } from '../telemetry/types.ts'
import { alertingSchema, receiversSchema, routesSchema } from './alerting.ts'
import { detectorsSchema } from './detectors.ts'
import { checkRouting } from './receivers.ts'
import { currency, durationBetween, listOf, onOff, sizeBetween, text, timezone } from './schema-parts.ts'
import { parseDuration } from './units.ts'

const hourMs = 3_600_000

const broker = z.string().regex(/^(\[[0-9a-f:.]+\]|[^\s:,/[\]]+):\d{1,5}$/i, {
  error: 'host:port, such as localhost:9092'
})
const topic = z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,249}$/, {
  error: 'a topic of Kafka: letters, digits, dots, - and _'
})

/** Where a first start begins to read; later ones go on from the committed offsets. */
const start = z.string({ error: 'earliest, latest or an age such as 2h' }).transform((value, context) => {
  if (value === 'earliest' || value === 'latest') return value
  const ageMs = parseDuration(value)
  if (ageMs !== undefined) return { ageMs }
  context.addIssue({ code: 'custom', message: 'earliest, latest or an age such as 2h' })
  return z.NEVER
})

const kafka = z
  .strictObject({
    brokers: listOf(broker, 'a list of brokers, such as localhost:9092').prefault('localhost:9092'),
    topics: listOf(topic, 'a list of topics, such as [shop-events]').prefault(['shop-events']),
    group: text.prefault('cartwatch'),
    client_id: text.prefault('cartwatch'),
    start: start.prefault('earliest'),
    session_timeout: durationBetween('6s', '30m').prefault('30s'),
    max_bytes_per_partition: sizeBetween(16_384, 104_857_600).prefault('1MiB')
  })
  .transform(({ client_id, session_timeout, max_bytes_per_partition, ...rest }) => ({
    ...rest,
    clientId: client_id,
    sessionTimeoutMs: session_timeout,
    maxBytesPerPartition: max_bytes_per_partition
  }))
  .prefault({})

const events = z
  .strictObject({ max_bytes: sizeBetween(1_024, 104_857_600).prefault('1MiB') })
  .transform(({ max_bytes }) => ({ maxBytes: max_bytes }))
  .prefault({})

const windows = z
  .strictObject({
    size: durationBetween('1s', '1h')
      .refine(ms => hourMs % ms === 0, { error: 'a part of an hour, such as 30s, 1m, 5m or 15m' })
      .prefault('1m'),
    grace: durationBetween('0s', '1h').prefault('10s'),
    idle: durationBetween('1s', '1h').prefault('30s'),
    max_ahead: z.int().min(2).max(10_000).prefault(60),
    give_up: durationBetween('10s', '1d').prefault('30m')
  })
  .superRefine(({ size, grace, idle, max_ahead, give_up }, context) => {
    if (grace >= size * max_ahead) {
      const message = 'less than size × max_ahead, or a partition is held back before its first window closes'
      context.addIssue({ code: 'custom', path: ['grace'], message })
    }
    if (give_up <= size + grace + idle) {
      const message = 'more than size + grace + idle together, or healthy partitions are given up'
      context.addIssue({ code: 'custom', path: ['give_up'], message })
    }
  })
  .transform(({ size, grace, idle, max_ahead, give_up }) => ({
    sizeMs: size,
    graceMs: grace,
    idleMs: idle,
    maxAhead: max_ahead,
    giveUpMs: give_up
  }))
  .prefault({})

const store = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'a URL such as http://localhost:8123' })
      .refine(url => !url.includes('@'), {
        error: 'a URL without user and password, which have keys of their own'
      })
      .optional(),
    user: text.prefault('default'),
    password: z.string().prefault(''),
    database: z
      .string()
      .regex(/^[a-z_]\w*$/i, { error: 'the name of a database, such as realtime' })
      .prefault('realtime'),
    folder: text.prefault('data/store'),
    timeout: durationBetween('1s', '5m').prefault('10s'),
    retention: durationBetween('1d', '3650d').prefault('90d'),
    history: durationBetween('1h', '365d').prefault('28d')
  })
  .superRefine(({ history, retention }, context) => {
    if (history <= retention) return
    const message = 'no more than retention: older rows are gone'
    context.addIssue({ code: 'custom', path: ['history'], message })
  })
  .transform(({ timeout, retention, history, ...rest }) => ({
    ...rest,
    timeoutMs: timeout,
    retentionMs: retention,
    historyMs: history
  }))
  .prefault({})

const http = z
  .strictObject({ host: text.prefault('127.0.0.1'), port: z.int().min(0).max(65_535).prefault(8080) })
  .prefault({})

const log = z
  .strictObject({
    level: z.enum(logLevels).prefault('info'),
    pretty: z.union([onOff, z.literal('auto')], { error: 'on, off or auto' }).prefault('auto')
  })
  .prefault({})

/** A check across sections runs where those sections are right, whatever is wrong in others. */
const sound =
  (...sections: readonly string[]) =>
  ({ issues }: z.core.ParsePayload) =>
    !issues.some(issue => sections.includes(String(issue.path?.[0])))

/** The whole of cartwatch.yaml: what a person writes comes in, what the stages take comes out. */
export const configSchema = z
  .strictObject({
    pipeline: z
      .string()
      .regex(/^[\w.-]{1,100}$/, { error: 'a name of letters, digits, dots, - and _' })
      .prefault('shop'),
    timezone: timezone.prefault('UTC'),
    currency: currency.prefault('USD'),
    rates: z.record(currency, z.number().positive().max(1_000_000)).prefault({}),
    alerts: onOff.prefault('on'),
    kafka,
    dead_letter: z.enum(['topic', 'file', 'count']).prefault('topic'),
    dead_letter_file: text.prefault('data/dead-letters.ndjson'),
    events,
    windows,
    store,
    detectors: detectorsSchema,
    receivers: receiversSchema.prefault({}),
    routes: routesSchema.prefault([]),
    alerting: alertingSchema.prefault({}),
    http,
    log
  })
  .refine(config => !(config.currency in config.rates), {
    path: ['rates'],
    error: 'no rate for the currency itself, which is 1',
    when: sound('currency', 'rates')
  })
  .refine(config => config.store.timeoutMs < config.kafka.sessionTimeoutMs, {
    path: ['store', 'timeout'],
    error: 'less than kafka.session_timeout, or a slow store costs the place in the group',
    when: sound('store', 'kafka')
  })
  .superRefine(
    ({ receivers, routes }, context) => {
      for (const { path, message } of checkRouting(receivers, routes)) {
        context.addIssue({ code: 'custom', path: [...path], message, params: { sentence: true } })
      }
    },
    { when: sound('receivers', 'routes') }
  )
  .transform(({ dead_letter, dead_letter_file, ...rest }) => ({
    ...rest,
    deadLetter: dead_letter,
    deadLetterFile: dead_letter_file
  }))
  .prefault({})

/** The configuration as the stages take it: durations in milliseconds, sizes in bytes, shares as fractions. */
export type Config = z.output<typeof configSchema>
