import { expect } from 'vitest'
import { type Inbox, openInbox } from '../../src/demo/inbox/inbox.ts'
import { decodeMetadata } from '../../src/source/commit-metadata.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import type { TestKafka } from './kafka.ts'
import { doneUntil, recountedUntil, storedUntil, type TestEngine } from './pipeline.ts'
import { type OnTestFinished, type Program, startProgram } from './program.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from './shop-stream.ts'
import { until } from './until.ts'

const sizeMs = 1_000
const warmUpWindows = 60
/** Nobody can pay in these windows, which come while the store is out. */
const shopOutage = { from: 64, to: 80 }
const windows = 86
/** The program's start lies within this: nobody is paged for a window that an earlier run may have notified of. */
const startsMs = 200_000

export interface StoreOutagePipelineOptions {
  readonly kafka: TestKafka
  readonly pipeline: string
  /** The `store:` section of the program. */
  readonly store: Readonly<Record<string, unknown>>
  /** For how long nothing may be stored before an incident is opened. */
  readonly after?: string
  /** Short where the program is to be killed. */
  readonly sessionTimeout?: string
  readonly onTestFinished: OnTestFinished
}

/** A message of Slack's, by its title and, where it has one, its sentence. */
export interface SlackMessage {
  readonly title: string
  readonly details: string
}

/** The real program on a shop that fails while its store does: what is notified meanwhile, and what is stored afterwards. */
export async function storeOutagePipeline(options: StoreOutagePipelineOptions) {
  const { kafka, pipeline, store, after = '1s', sessionTimeout = '30s', onTestFinished } = options

  const topic = await kafka.createTopic({ partitions: 2 })
  const startMs = Math.floor(Date.now() / sizeMs) * sizeMs + startsMs - shopOutage.from * sizeMs
  const stream: StreamOptions = {
    seed: 5,
    startMs,
    sizeMs,
    graceMs: 500,
    partitions: 2,
    sessions: 6,
    outage: shopOutage
  }
  const inbox = await openInbox({ clock: wallClock, rate: null })
  onTestFinished(inbox.close)
  const endOf = (window: number) => startMs + window * sizeMs
  const produce = (from: number, to: number) =>
    kafka.produce(
      topic,
      Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index)).flat()
    )

  const configOf = (stalledAfter: string) => ({
    pipeline,
    kafka: { brokers: kafka.bootstrap, topics: [topic], group: topic, session_timeout: sessionTimeout },
    windows: { size: '1s', grace: '500ms', idle: '1h', max_ahead: 1_000, give_up: '2h' },
    // Nothing but the fault may be an outage, however busy the machine is.
    store: { timeout: '20s', ...store },
    detectors: {
      baseline: { warm_up: '45s' },
      store_unavailable: { after },
      pipeline_stalled: { after: stalledAfter, raise_after: {} }
    },
    receivers: {
      technical: { type: 'slack', webhook_url: inbox.slackUrl('technical') },
      shop: { type: 'slack', webhook_url: inbox.slackUrl('shop') },
      pagerduty: { type: 'pagerduty', integration_key: inbox.pagerdutyKey, url: inbox.pagerdutyUrl }
    },
    routes: [
      { match: { kind: ['store_unavailable', 'pipeline_stalled'] }, receiver: 'technical' },
      { match: { severity: 'critical' }, receiver: 'pagerduty', continue: true },
      { default: 'shop' }
    ],
    http: { port: 0 }
  })
  let program: Program | undefined

  const outage = {
    topic,
    pipeline,
    inbox,
    endMs: endOf(windows),
    messages: (to: 'technical' | 'shop') => messagesOf(inbox, to),
    /** Windows up to here are done before the store's outage. */
    doneBeforeMs: endOf(warmUpWindows - 1),
    get program() {
      if (program === undefined) throw new Error('warmUp() starts it')
      return program
    },
    async warmUp() {
      await produce(0, warmUpWindows)
      program = await startProgram(configOf('10m'), { onTestFinished })
      await doneUntil(kafka, topic, outage.doneBeforeMs)
    },
    /** Kills the program, and starts another, which says so when the pipeline has stalled for so long. */
    async restart(stalledAfter: string) {
      outage.program.kill()
      await outage.program.ended
      program = await startProgram(configOf(stalledAfter), { onTestFinished })
    },
    /** Hands in the windows in which nobody can pay, and waits until somebody is paged for it. */
    async failShop() {
      await produce(warmUpWindows, shopOutage.to)
      await until('a page for the shop', () => {
        outage.program.mustRun()
        return inbox.pages().length > 0
      })
    },
    /** Waits until somebody is notified of the outage; gives /readyz then. */
    async storeIsOut() {
      await until('a message about the outage of the store', () => {
        outage.program.mustRun()
        return outage.messages('technical').length > 0
      })
      return outage.program.get('/readyz')
    },
    /** Calls of the store that failed for a reason. */
    failures: async (reason: string) =>
      (await outage.program.metric('cartwatch_store_failures_total', { reason })) ?? 0,
    /** How far all windows are done, by the commits. */
    async doneUntil() {
      const commits = [...(await kafka.groupOffsets(topic, topic)).values()]
      return Math.min(
        ...commits.map(({ offset, metadata }) => decodeMetadata(offset, metadata).closedUntil ?? 0)
      )
    },
    /** The rest of the stream, and the store's answer to all of it. */
    async goOn() {
      await produce(shopOutage.to, windows)
      await kafka.produce(topic, flushOfShop(stream, windows))
      await doneUntil(kafka, topic, outage.endMs)
    },
    /** Waits until somebody is notified of the end of the outage. */
    storeIsBack: () =>
      until('a message about the end of the outage', () => {
        outage.program.mustRun()
        return outage.messages('technical').length > 1
      }),
    async stop() {
      outage.program.signal('SIGTERM')
      return outage.program.ended
    }
  }
  return outage
}

interface SlackBody {
  readonly blocks: readonly Block[]
}
interface Block {
  readonly type: string
  readonly text?: { readonly text: string }
}

function messagesOf({ messages }: Inbox, to: string): SlackMessage[] {
  return messages
    .filter(message => message.to === to && message.accepted)
    .map(({ body }) => {
      const { blocks } = body as unknown as SlackBody
      const textOf = (type: string) =>
        blocks.findLast(block => block.type === type && block.text !== undefined)?.text?.text ?? ''
      return { title: textOf('header'), details: textOf('section') }
    })
}

export type StoreOutagePipeline = Awaited<ReturnType<typeof storeOutagePipeline>>

/** The outage is notified once and its end once, and everything else is as if it had not been. */
export async function expectNothingLost(
  outage: StoreOutagePipeline,
  kafka: TestKafka,
  rows: TestEngine['rows']
): Promise<void> {
  expect(outage.messages('technical').map(({ title }) => title)).toEqual([
    '🔔 HIGH: Store unavailable',
    '✅ Resolved: Store unavailable'
  ])
  expect(outage.messages('technical')[1]?.details).toMatch(
    /accepts rows again: \d+ windows? w\w+ written late/
  )
  await expectExact(outage, kafka, rows)
}

/**
 * Windows are as the recount has them, no anomaly or page is there twice, no message more than `timesSent`, and the
 * one of the shop was sent.
 */
export async function expectExact(
  outage: StoreOutagePipeline,
  kafka: TestKafka,
  rows: TestEngine['rows'],
  timesSent = 1
): Promise<void> {
  expect(await storedUntil(rows, outage.pipeline, outage.endMs)).toEqual(
    await recountedUntil(kafka, outage.topic, outage.endMs)
  )
  const anomalies = await rows<{ id: string; anomaly_type: string }>(
    `SELECT id, anomaly_type FROM realtime.anomalies WHERE pipeline = '${outage.pipeline}'`
  )
  expect(anomalies.map(({ anomaly_type }) => anomaly_type)).toContain('checkout_failure')
  expect(new Set(anomalies.map(({ id }) => id)).size).toBe(anomalies.length)
  const pages = outage.inbox.pages()
  expect(pages.length).toBeGreaterThan(0)
  expect(pages.map(({ opened }) => opened)).toEqual(pages.map(() => 1))
  const texts = outage.messages('shop').map(({ title, details }) => `${title} ${details}`)
  const times = texts.map(text => texts.filter(other => other === text).length)
  expect(Math.max(...times)).toBeLessThanOrEqual(timesSent)
}
