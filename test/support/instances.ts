import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import type { TestKafka } from './kafka-client.ts'
import {
  defaultDimensions,
  doneUntil,
  logsOf,
  pipelineConfig,
  storedWindows,
  type TestEngine
} from './pipeline.ts'
import { type OnTestFinished, type Program, startProgram } from './program.ts'
import { kafkaProxy, offsetCommit, storeProxy } from './proxies.ts'
import { recount } from './recount.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from './shop-stream.ts'
import { until } from './until.ts'

export interface InstancesOptions {
  readonly kafka: TestKafka
  readonly engine: TestEngine
  readonly pipeline: string
  readonly onTestFinished: OnTestFinished
  /** Windows, counted from the first, in which nobody can pay. */
  readonly outage: { readonly from: number; readonly to: number }
}

/** One of several programs on a topic, behind proxies of its own. */
export interface Instance {
  readonly program: Program
  /** What it began to write, in its order: tables of inserts, commits and dead letters. */
  readonly writes: readonly string[]
  /** Stops the process at its next insert into the table, once that is on its way. */
  standStillAt(table: string): Promise<void>
  /** How often it was given work that was not its own until then. */
  takeovers(): number
}

const sizeMs = 1_000
const graceMs = 500
const partitions = 12
const produceRequest = 0
/** All starts of a test lie within this: of what happened before a start only a summary is told. */
const startsMs = 240_000

/** A stream of a shop on twelve partitions, produced window by window, and instances that are started on it. */
export async function instancesOn({ kafka, engine, pipeline, onTestFinished, outage }: InstancesOptions) {
  const topic = await kafka.createTopic({ partitions })
  const startMs = Math.floor(Date.now() / sizeMs) * sizeMs + startsMs - outage.from * sizeMs
  const stream: StreamOptions = { seed: 7, startMs, sizeMs, graceMs, partitions, outage, sessions: 2 }
  const inbox = await openInbox({ clock: wallClock, rate: null })
  onTestFinished(inbox.close)
  const endOf = (window: number) => startMs + (window + 1) * sizeMs
  let produced = 0

  async function produce(to: number): Promise<void> {
    const windows = Array.from({ length: to - produced }, (_, index) =>
      windowOfShop(stream, produced + index)
    )
    await kafka.produce(topic, windows.flat())
    produced = to
  }

  async function start(): Promise<Instance> {
    const writes: string[] = []
    let stopsAt: string | undefined
    let stopped: () => void = () => {}
    const store = await storeProxy(
      engine.endpoint.url,
      (passing, sql) => {
        const table = /^INSERT INTO `?realtime`?\.`?(\w+)/.exec(sql)?.[1]
        if (passing === 'answer' || table === undefined) return false
        writes.push(table)
        if (table !== stopsAt) return false
        stopsAt = undefined
        program.signal('SIGSTOP')
        stopped()
        return false
      },
      onTestFinished
    )
    const broker = await kafkaProxy(
      kafka.bootstrap,
      (passing, apiKey) => {
        if (passing === 'request' && apiKey === offsetCommit) writes.push('commit')
        if (passing === 'request' && apiKey === produceRequest) writes.push('dead letters')
        return false
      },
      onTestFinished
    )
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: broker.address,
      store: engine.section(`http://${store.address}`),
      session: '12s',
      more: {
        rates: { GBP: 1.25 },
        detectors: { baseline: { warm_up: '60s' } },
        receivers: {
          slack: { type: 'slack', webhook_url: inbox.slackUrl('slack') },
          pagerduty: {
            type: 'pagerduty',
            integration_key: inbox.pagerdutyKey,
            url: inbox.pagerdutyUrl
          }
        },
        routes: [
          { match: { severity: 'critical' }, receiver: 'pagerduty', continue: true },
          { default: 'slack' }
        ]
      }
    })
    const program: Program = await startProgram(config, { onTestFinished })
    await until('it to have a role', () => roleLines(program).length > 0)
    return {
      program,
      writes,
      takeovers: () => program.log.filter(({ msg, kept }) => msg === 'active' && kept === false).length,
      standStillAt: table =>
        new Promise(resolve => {
          stopped = resolve
          stopsAt = table
        })
    }
  }

  return {
    topic,
    inbox,
    produce,
    start,
    done: (window: number) => doneUntil(kafka, topic, endOf(window)),
    /** Produces window by window up to one, each once the one before the last is done. */
    async step(to: number) {
      while (produced < to) {
        await produce(produced + 1)
        await doneUntil(kafka, topic, endOf(produced - 2))
      }
    },
    /** Ends the stream, and waits until its last window is done. */
    async finish() {
      await kafka.produce(topic, flushOfShop(stream, produced))
      await doneUntil(kafka, topic, endOf(produced - 1))
    },
    /** Every window that was produced, as recounted from the log and as stored. */
    async values() {
      const options = {
        currency: 'USD',
        rates: new Map([['GBP', 1.25]]),
        sizeMs,
        graceMs,
        dimensions: defaultDimensions
      }
      const counted = recount(await logsOf(kafka, topic), options)
      const stored = await storedWindows(engine.rows, pipeline)
      const starts = Array.from({ length: produced }, (_, window) => startMs + window * sizeMs)
      return {
        stored: starts.map(start => stored.get(start)),
        counted: starts.map(start => counted.get(start))
      }
    }
  }
}

/** What it said of its place in the group, the last at the end: true where it works. */
export const roleLines = ({ log }: Pick<Program, 'log'>): boolean[] =>
  log
    .filter(({ msg }) => msg === 'active' || msg === 'standby: another instance is active')
    .map(({ msg }) => msg === 'active')

export const works = ({ program }: Instance): boolean => roleLines(program).at(-1) === true
