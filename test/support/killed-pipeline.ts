import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { decodeMetadata } from '../../src/source/commit-metadata.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import type { CommittedOffset, TestKafka } from './kafka-client.ts'
import { defaultDimensions, type TestEngine } from './pipeline.ts'
import { type OnTestFinished, type Program, startProgram } from './program.ts'
import { kafkaProxy, offsetCommit, storeProxy } from './proxies.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from './shop-stream.ts'
import { until } from './until.ts'

export type KillPoint = 'in mid-window' | 'before an insert' | 'between insert and commit' | 'after a commit'

export interface KilledPipelineOptions {
  readonly kafka: TestKafka
  readonly engine: TestEngine
  readonly seed: number
  readonly point: KillPoint
  readonly pipeline: string
  readonly onTestFinished: OnTestFinished
}

const sizeMs = 1_000
const graceMs = 500
const warmUpWindows = 90
const outage = { from: 95, to: 112 }
const windows = 125
/** All starts of a test lie within this. */
const restartsMs = 240_000

/** A program between two proxies, through which it is killed at the wanted point; produced to window by window. */
export async function killedPipeline(killed: KilledPipelineOptions) {
  const { kafka, engine, seed, point, pipeline, onTestFinished } = killed
  const topic = await kafka.createTopic({ partitions: 3 })
  // Nobody is paged for a window that an earlier run may have notified of, so the outage lies well behind the last start.
  const startMs = Math.floor(Date.now() / sizeMs) * sizeMs + restartsMs - outage.from * sizeMs
  const options: StreamOptions = { seed, startMs, sizeMs, graceMs, partitions: 3, outage }
  const inbox = await openInbox({ clock: wallClock, rate: null })
  onTestFinished(inbox.close)
  // Around the first windows of the outage, when there is something to tell.
  const killAt = outage.from + seed

  const startOf = (window: number) => startMs + window * sizeMs

  let program: Program | undefined
  let isArmed = false
  let isCommitted = false
  let isKilled = false
  const strike = (): boolean => {
    isKilled = true
    program?.kill()
    return true
  }
  const store = await storeProxy(
    engine.endpoint.url,
    (passing, sql) => {
      if (isKilled) return true
      const isInsert = isArmed && sql.startsWith('INSERT INTO realtime.window_metrics')
      return isInsert && point === 'before an insert' && passing === 'statement' && strike()
    },
    onTestFinished
  )
  const broker = await kafkaProxy(
    kafka.bootstrap,
    (passing, apiKey, frame) => {
      if (isKilled) return true
      if (!isArmed || apiKey !== offsetCommit) return false
      if (passing === 'answer') return isCommitted && point === 'after a commit' && strike()
      // There are commits for the sake of dead letters too: this one is of the window that closes.
      const sealed = Number(/"sealedUntil":(\d+)/.exec(frame.toString('latin1'))?.[1])
      isCommitted = sealed >= startOf(killAt)
      return isCommitted && point === 'between insert and commit' && strike()
    },
    onTestFinished
  )

  const config = {
    pipeline,
    currency: 'USD',
    rates: { GBP: 1.25 },
    kafka: { brokers: broker.address, topics: [topic], group: topic, session_timeout: '6s' },
    windows: { size: `${sizeMs}ms`, grace: `${graceMs}ms`, idle: '1h', max_ahead: 1_000, give_up: '2h' },
    store: { ...engine.section(`http://${store.address}`), timeout: '5s' },
    detectors: { baseline: { warm_up: '60s' } },
    receivers: {
      slack: { type: 'slack', webhook_url: inbox.slackUrl('slack') },
      pagerduty: { type: 'pagerduty', integration_key: inbox.pagerdutyKey, url: inbox.pagerdutyUrl }
    },
    routes: [
      { match: { severity: 'critical' }, receiver: 'pagerduty', continue: true },
      { default: 'slack' }
    ],
    http: { port: 0 }
  }

  const committed = (): Promise<Map<number, CommittedOffset>> => kafka.groupOffsets(topic, topic)
  const closedUntil = async () => {
    const commits = await committed()
    return Math.min(
      ...[...commits.values()].map(
        ({ offset, metadata }) => decodeMetadata(offset, metadata).closedUntil ?? Number.NEGATIVE_INFINITY
      )
    )
  }
  const closed = (window: number) =>
    until(`window ${window} to be done`, async () => {
      program?.mustRun()
      return (await closedUntil()) >= startOf(window + 1)
    })

  /** Produces a window, and waits until the one before it is done. */
  async function step(window: number): Promise<void> {
    await kafka.produce(topic, windowOfShop(options, window))
    await closed(window - 1)
  }

  return {
    topic,
    pipeline,
    options,
    windows,
    inbox,
    recountOptions: {
      currency: 'USD',
      rates: new Map([['GBP', 1.25]]),
      sizeMs,
      graceMs,
      dimensions: defaultDimensions
    },
    committed,
    /** Gives the commits at its end. */
    async warmUp() {
      const past = Array.from({ length: warmUpWindows }, (_, window) => windowOfShop(options, window))
      await kafka.produce(topic, past.flat())
      program = await startProgram(config, { onTestFinished })
      await closed(warmUpWindows - 2)
      const commits = await committed()
      for (let window = warmUpWindows; window < killAt; window++) await step(window)
      return commits
    },
    async produceUntilKilled() {
      const running = program as Program
      isArmed = true
      await kafka.produce(topic, windowOfShop(options, killAt))
      if (point === 'in mid-window') {
        await closed(killAt - 1)
        running.kill()
      }
      await running.ended
      isKilled = false
      isArmed = false
      isCommitted = false
    },
    /** Starts it again behind windows that were produced meanwhile, and ends the stream. */
    async goOn() {
      for (let window = killAt + 1; window < killAt + 4; window++)
        await kafka.produce(topic, windowOfShop(options, window))
      program = await startProgram(config, { onTestFinished })
      await closed(killAt + 2)
      for (let window = killAt + 4; window < windows; window++) await step(window)
      await kafka.produce(topic, flushOfShop(options, windows))
      await closed(windows - 1)
    }
  }
}
