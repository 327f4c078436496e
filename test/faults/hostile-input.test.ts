import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Inbox, openInbox } from '../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { hostileClasses, hostileNames, hostileRecords } from '../generators/hostile.ts'
import { markupIn } from '../support/channels.ts'
import { describeWithKafka, type RawRecord, type TestKafka, uniqueName, useKafka } from '../support/kafka.ts'
import {
  defaultDimensions,
  doneUntil,
  logsOf,
  pipelineConfig,
  pipelineRecount,
  storedUntil,
  type TestEngine,
  useEngine
} from '../support/pipeline.ts'
import { type OnTestFinished, type Program, runCommand, startProgram } from '../support/program.ts'
import { type LogRecord, placementsOf, recount } from '../support/recount.ts'
import { draw } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const sizeMs = 1_000
const windows = 120
const outage = { from: 100, to: 115 }
const hostileIn = { from: 20, to: 80 }
const partitions = 2
/** Well below what a broker takes at once; a larger record goes alone. */
const batchBytes = 500_000
/** What a broker just takes, and no longer takes with headers. */
const longestBytes = 1_048_500

/** Half of the shop has this name: a country, a category, a device and a payment method. */
const name = '<!channel> <https://evil.example|x> & `*b*` \u001b[2J\u009b31m\u202egpj\u200b'
/** As a window keeps it: without control characters. */
const kept = name.replace(/\p{Cc}/gu, ' ')
/** As a person sees it. */
const seen = '<!channel> <https://evil.example|x> & `*b*`  [2J 31m\\u202egpj\\u200b'
/** What a terminal would obey, or nobody would see. */
const acts = /[^\P{Cc}\n]|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/u

const record = (index: number, time: number, fields: object): RawRecord => ({
  partition: index % partitions,
  timestamp: time,
  value: JSON.stringify({ event_time: time, ...fields })
})

/** Twenty visits, of which those of the hostile name cannot pay in the outage. */
function visitsOf(start: number, window: number): RawRecord[] {
  const isOut = window >= outage.from && window < outage.to
  const visits = Array.from({ length: 20 }, (_, index): RawRecord[] => {
    const own = `${window}-${index}`
    const isHostile = index % 4 < 2
    const time = start + Math.floor(draw(own, 'at') * 900)
    const of = Object.fromEntries(defaultDimensions.map(field => [field, isHostile ? name : `a ${field}`]))
    const event = (event_type: string, more = {}) =>
      record(index, time, { event_type, session_id: own, price: 20, ...of, ...more })
    return [
      event('page_view'),
      event('add_to_cart'),
      event('checkout_started'),
      ...(isOut && isHostile ? [] : [event('purchase', { order_id: `o-${own}` })])
    ]
  })
  const last = Array.from({ length: partitions }, (_, index) =>
    record(index, start + 950, { event_type: 'page_view' })
  )
  return [...visits.flat().sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)), ...last]
}

const nameAt = (index: number) => hostileNames[index % hostileNames.length] as string

/** Hostile records by the window that their time lies in. */
function hostileByWindow(startMs: number): Map<number, RawRecord[]> {
  const spanMs = (hostileIn.to - hostileIn.from) * sizeMs
  const counts = { small: 10_000, deep: 20, large: 4 }
  const all = Object.entries(counts).flatMap(([size, count]) => {
    const timeOf = (index: number) => startMs + hostileIn.from * sizeMs + Math.floor((index / count) * spanMs)
    const classes = hostileClasses[size as keyof typeof counts]
    return [...hostileRecords(7, count, timeOf, classes)].map(
      ({ value }, index): RawRecord => ({
        partition: index % partitions,
        timestamp: timeOf(index),
        key: nameAt(index),
        headers: { [nameAt(index + 1)]: nameAt(index) },
        value
      })
    )
  })
  const longest = {
    partition: 0,
    timestamp: startMs + hostileIn.to * sizeMs,
    value: Buffer.alloc(longestBytes, 0xfe)
  }
  const ofLongKey = { ...longest, key: Buffer.alloc(longestBytes, 0x1b), value: Buffer.from('no JSON') }
  return Map.groupBy([...all, longest, ofLongKey], ({ timestamp }) =>
    Math.floor(((timestamp as number) - startMs) / sizeMs)
  )
}

async function produceAll(kafka: TestKafka, topic: string, startMs: number): Promise<void> {
  const hostile = hostileByWindow(startMs)
  const all = Array.from({ length: windows }, (_, window) => [
    ...(hostile.get(window) ?? []),
    ...visitsOf(startMs + window * sizeMs, window)
  ]).flat()
  let batch: RawRecord[] = []
  let bytes = 0
  for (const one of all) {
    const size = 100 + (one.value?.length ?? 0) + (one.key?.length ?? 0)
    if (bytes + size > batchBytes && batch.length > 0) {
      await kafka.produce(topic, batch)
      batch = []
      bytes = 0
    }
    batch.push(one)
    bytes += size
  }
  await kafka.produce(topic, batch)
}

/** A program on a stream of hostile records, and on a topic of strange types, and what came of it. */
async function hostilePipeline(kafka: TestKafka, engine: TestEngine, onTestFinished: OnTestFinished) {
  const topic = await kafka.createTopic({ partitions })
  const strange = await kafka.createTopic()
  const pipeline = uniqueName('hostile')
  const startMs = Math.floor(Date.now() / sizeMs) * sizeMs + 200_000 - outage.from * sizeMs
  const inbox = await openInbox({ clock: wallClock, rate: null })
  onTestFinished(inbox.close)
  await produceAll(kafka, topic, startMs)
  const endMs = startMs + (windows - 1) * sizeMs
  await kafka.produce(
    strange,
    Array.from({ length: 1_200 }, (_, index) => {
      const own = nameAt(index)
      const time = index === 1_199 ? endMs + 2 * sizeMs : startMs
      return {
        timestamp: time,
        value: JSON.stringify({ event_time: time, event_type: own, [own]: 1 })
      }
    })
  )
  const config = pipelineConfig({
    pipeline,
    topic,
    brokers: kafka.bootstrap,
    store: engine.section(),
    kafka: { topics: [topic, strange] },
    more: {
      segments: { top: 1_000 },
      detectors: { baseline: { warm_up: '60s' } },
      receivers: {
        slack: { type: 'slack', webhook_url: inbox.slackUrl('slack') },
        pagerduty: { type: 'pagerduty', integration_key: inbox.pagerdutyKey, url: inbox.pagerdutyUrl }
      },
      routes: [
        { match: { severity: ['high', 'critical'] }, receiver: 'pagerduty', continue: true },
        { default: 'slack' }
      ]
    }
  })
  const program = await startProgram(config, { onTestFinished })
  await doneUntil(kafka, topic, endMs)
  return { topics: [topic, strange], pipeline, endMs, inbox, program }
}

const told = ({ messages }: Inbox) => messages.filter(({ body }) => JSON.stringify(body).includes('gpj'))

/** Every dead record once, whole, or cut with its size where it would not fit. */
async function deadLettersAreKept(
  kafka: TestKafka,
  topic: string,
  logs: ReadonlyMap<string, readonly LogRecord[]>,
  program: Program
): Promise<void> {
  const dead = [...logs].flatMap(([partition, log]) => {
    const placed = placementsOf(log, pipelineRecount).filter(({ kind }) => kind === 'dead')
    const offsets = new Set(placed.map(({ offset }) => offset))
    return log.flatMap(one =>
      offsets.has(one.offset) && 'value' in one
        ? [{ name: `${partition}/${one.offset}`, value: one.value }]
        : []
    )
  })
  const letters = await kafka.readToEnd(`${topic}.dlq`)
  const byName = new Map(
    letters.map(letter => [`${topic}/${letter.headers['partition']}/${letter.headers['offset']}`, letter])
  )
  expect(letters.length).toBe(byName.size)
  expect([...byName.keys()].sort()).toEqual(dead.map(one => one.name).sort())
  for (const { name: of, value } of dead) {
    const letter = byName.get(of)
    const size = letter?.headers['original_size']
    if (size === undefined || value === null) expect(letter?.value).toBe(value)
    else expect([size, letter?.value]).toEqual([String(value.length), String(value).slice(0, 500_000)])
  }
  expect(letters.flatMap(({ headers }) => headers['original_size'] ?? []).sort()).toEqual([
    String(longestBytes),
    '7'
  ])
  const reasons = new Map(Object.entries(Object.groupBy(letters, ({ headers }) => headers['reason'] ?? '')))
  expect([...reasons.keys()].sort()).toEqual([
    'future_event_time',
    'invalid_event_time',
    'invalid_json',
    'missing_event_time',
    'missing_event_type',
    'not_an_object',
    'unsupported_encoding'
  ])
  for (const [reason, of] of reasons) {
    const counted = await program.metric('cartwatch_dead_letters_total', { reason })
    expect([reason, counted]).toEqual([reason, of?.length])
  }
}

describeWithKafka('a stream of hostile records', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('is counted as the recount counts it, kept as dead letters, and shows nowhere what it would do', async ({
    onTestFinished
  }) => {
    const hostile = await hostilePipeline(kafka, engine, onTestFinished)
    const { topics, pipeline, endMs, inbox, program } = hostile
    const [topic = '', strange = ''] = topics

    const own = await logsOf(kafka, topic)
    const logs = new Map([...own, ...(await logsOf(kafka, strange))])
    const counted = new Map(
      [...recount(logs, { ...pipelineRecount, dimensions: defaultDimensions })].filter(
        ([start]) => start < endMs
      )
    )
    const stored = await storedUntil(engine.rows, pipeline, endMs)
    for (const [start, window] of counted) expect(stored.get(start)).toEqual(window)

    await deadLettersAreKept(kafka, topic, own, program)
    await until('a message and a page', () => new Set(told(inbox).map(({ to }) => to)).size === 2)
    for (const { body, accepted } of inbox.messages) {
      expect(accepted).toBe(true)
      expect(JSON.stringify(body)).not.toMatch(acts)
      for (const markup of markupIn(body)) expect(markup).not.toMatch(/[<>]|https?:\/\//)
    }
    expect(JSON.stringify(told(inbox).map(({ body }) => body))).toContain(JSON.stringify(seen).slice(1, -1))

    const segments = await engine.rows<{ segment: string }>(
      `SELECT DISTINCT segment FROM realtime.window_metrics WHERE pipeline = '${pipeline}' AND dimension = 'country'`
    )
    expect(segments.map(({ segment }) => segment)).toContain(`country=${kept}`)
    const commands = [['anomalies'], ['anomalies', '--json']]
    const ran = await Promise.all(commands.map(args => runCommand([...args, '--config', program.configPath])))
    const outputs = ran.map(({ out, errors }) => out + errors)
    expect(outputs[1]).toContain('evil.example')
    const pages = await Promise.all((['/readyz', '/metrics'] as const).map(page => program.get(page)))
    expect(program.written()).toContain('<!channel>')
    for (const output of [program.written(), ...outputs, ...pages.map(page => page.text)])
      expect(output).not.toMatch(acts)
    program.mustRun()
    const status = await readFile(`/proc/${program.pid}/status`, 'utf8')
    expect(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1])).toBeLessThan(700_000)
  })
})
