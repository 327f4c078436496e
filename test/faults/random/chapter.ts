import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Broker } from '../../../src/demo/broker/broker.ts'
import { openInbox } from '../../../src/demo/inbox/inbox.ts'
import { decodeMetadata } from '../../../src/source/commit-metadata.ts'
import { openStore } from '../../../src/store/open.ts'
import { wallClock } from '../../../src/telemetry/clock.ts'
import { clientOf, kafkaAt, type TestKafka, uniqueName } from '../../support/kafka-client.ts'
import { rowsOf } from '../../support/pipeline.ts'
import { startProgram } from '../../support/program.ts'
import { kafkaProxy } from '../../support/proxies.ts'
import { draw } from '../../support/shop-stream.ts'
import { openStoreGate } from '../../support/store-gate.ts'
import { until } from '../../support/until.ts'
import { openWindowStream, type ShopOptions } from '../../support/window-stream.ts'
import { configOf } from './config.ts'
import { faults, type Scene } from './faults.ts'
import { createInstances } from './instances.ts'
import { createRecords } from './records.ts'
import { add, noTotals, type Totals } from './totals.ts'
import { type Finding, verifyAnomalies, verifyNotifications, verifyValues } from './verify.ts'
import { createWire } from './wire.ts'

export interface ChapterOptions {
  /** Decides the shop and the faults. */
  readonly seed: number
  readonly rounds: number
  readonly broker: Broker
  /** Instances that run side by side, of which one works. */
  readonly instances: number
  /** The faults of the rounds; drawn of all where they are not given. */
  readonly faults?: readonly string[]
  /** `kafka.readers` of the instances that faults are done to. */
  readonly readers?: number | undefined
  /** The `src/main.ts` of a former version that every second instance is of. */
  readonly formerMain?: string | undefined
  /** Of real time; rejects where the chapter is to be left. */
  readonly wait: (ms: number) => Promise<unknown>
  readonly onRound: (round: number, fault: string) => void
  /** Takes what is wrong, and at the end what the instances wrote. */
  readonly note: (finding: Finding) => void
  readonly keepLog: (text: string) => Promise<void>
}

const past = 90
const windowEveryMs = 700
const doneMs = 480_000
const calmDatabase = 'calm'
/**
 * Event time runs ahead, by two to five minutes behind the past: no restart falls into the minute in which a page waits for
 * a new window, and no clock is taken for wrong.
 */
const aheadMs = 50_000
/** By the clock of the run without faults it is so late in event time: neither bound is met there either. */
const calmAtMs = 50_000
const mostWindows = 335
const preload = new URL('../../support/skewed-clock.ts', import.meta.url).href

/** In each span behind the past, nobody can pay for a while. */
const span = { windows: 70, outageFrom: 25, outageTo: 42 }

function outageAt(window: number): { readonly from: number; readonly to: number } {
  const from = past + Math.floor((window - past) / span.windows) * span.windows
  return { from: from + span.outageFrom, to: from + span.outageTo }
}

/** The faults of a chapter's rounds, the same for the same seed. */
function faultsOf(seed: number, rounds: number): readonly string[] {
  const names = Object.keys(faults)
  return Array.from(
    { length: rounds },
    (_, round) => names[Math.floor(draw('fault', seed, round) * names.length)] as string
  )
}

/**
 * One stream over a number of faults, each while records are read, and all that came of it against what the log says and
 * what a run without faults tells; faults that would make it too long are left out. Rejects where an instance ends by itself, or nothing goes on any more.
 */
export async function playChapter(options: ChapterOptions): Promise<Totals> {
  const { seed, rounds, broker, wait, note } = options
  const endings: (() => void | Promise<void>)[] = []
  const onFinished = (end: () => void | Promise<void>) => void endings.push(end)
  const folder = await mkdtemp(join(tmpdir(), 'cartwatch-chapter-'))
  onFinished(() => rm(folder, { recursive: true, force: true }))
  const admin = clientOf(broker.bootstrap, { retry: { retries: 10 } }).admin()
  await admin.connect()
  onFinished(() => admin.disconnect())
  const kafka = kafkaAt(
    () => broker.bootstrap,
    () => admin
  )
  const topic = await kafka.createTopic({ partitions: 3 })
  const pipeline = uniqueName('random')
  const shop: ShopOptions = {
    seed,
    startMs: Math.floor((Date.now() + aheadMs) / 1_000) * 1_000,
    sizeMs: 1_000,
    graceMs: 500,
    partitions: 3
  }

  const wire = createWire(wait)
  const records = createRecords()
  const gate = await openStoreGate(join(folder, 'store'))
  onFinished(gate.close)
  gate.tap((passing, sql) => {
    if (passing === 'answer') records.answered(sql, Date.now())
    return wire.store(passing, sql)
  })
  const inbox = await openInbox({ clock: wallClock, rate: null, onMessage: wire.inbox })
  onFinished(inbox.close)
  const calmInbox = await openInbox({ clock: wallClock, rate: null })
  onFinished(calmInbox.close)
  const proxy = await kafkaProxy(broker.bootstrap, wire.broker, onFinished)
  const of = { pipeline, topic, shop }
  const instances = createInstances({
    config: configOf({
      ...of,
      brokers: proxy.address,
      group: topic,
      inbox,
      store: gate.section,
      readers: options.readers
    }),
    wanted: options.instances,
    formerMain: options.formerMain,
    wait,
    onFinished
  })
  const scene: Scene = { instances, broker, proxy, gate, inbox, onPassing: wire.onPassing, wait }

  let totals = noTotals
  try {
    await instances.fill()
    const { bootstrap } = broker
    const stream = await openWindowStream({ bootstrap, topic, shop, past, everyMs: windowEveryMs, outageAt })
    onFinished(stream.close)
    for (const [round, name] of (options.faults ?? faultsOf(seed, rounds)).entries()) {
      await instances.reading()
      if (stream.windows() > mostWindows) break
      options.onRound(round, name)
      await faults[name]?.(scene, what => draw('fault', seed, round, what))
      totals = add(totals, { ...noTotals, rounds: 1, faults: { [name]: 1 } })
    }
    const working = await instances.reading()
    const end = await stream.end()
    await done(kafka, topic, topic, end, working.mustRun)

    const store = await openStore({ ...gate.section, folder, timeoutMs: 60_000 } as Parameters<
      typeof openStore
    >[0])
    onFinished(store.close)
    const rows = <Row>(sql: string) => rowsOf<Row>(store, sql)
    await told(rows, pipeline, 'realtime')
    const values = await verifyValues({ kafka, topic, pipeline, rows, shop, until: end, note })

    const calmGroup = `${topic}-calm`
    const calmStore = { ...gate.section, database: calmDatabase }
    const clockFile = join(folder, 'clock')
    await writeFile(clockFile, String(shop.startMs + calmAtMs - Date.now()))
    const calm = await startProgram(
      configOf({ ...of, brokers: bootstrap, group: calmGroup, inbox: calmInbox, store: calmStore }),
      {
        onTestFinished: onFinished,
        env: { NODE_OPTIONS: `--import ${preload}`, CARTWATCH_TEST_CLOCK: clockFile }
      }
    )
    await done(kafka, topic, calmGroup, end, calm.mustRun)
    await told(rows, pipeline, calmDatabase)
    const anomalies = await verifyAnomalies(pipeline, rows, calmDatabase, note)
    const { takenOverAt } = instances
    const notifications = verifyNotifications({ inbox, calm: calmInbox, records, takenOverAt, note })
    return add(totals, { ...noTotals, events: stream.events(), ...values, ...anomalies, ...notifications })
  } finally {
    await options.keepLog(await instances.written())
    for (const end of endings.reverse()) await end()
  }
}

/** Waits until all windows that end by `end` are done, by what the group committed. */
async function done(
  kafka: TestKafka,
  topic: string,
  group: string,
  end: number,
  mustRun: () => void
): Promise<void> {
  await until(
    `the windows up to ${new Date(end).toISOString()} to be done`,
    async () => {
      mustRun()
      const commits = [...(await kafka.groupOffsets(group, topic)).values()]
      const sealed = commits.map(({ offset, metadata }) => decodeMetadata(offset, metadata).closedUntil ?? 0)
      return sealed.length > 0 && Math.min(...sealed) >= end
    },
    doneMs
  )
}

/** Waits until no notification is pending. */
async function told(
  rows: <Row>(sql: string) => Promise<Row[]>,
  pipeline: string,
  database: string
): Promise<void> {
  await until(
    'every notification to be delivered',
    async () => {
      const [pending] = await rows<{ n: number }>(
        `SELECT toInt32(count()) AS n FROM ${database}.notifications FINAL
         WHERE pipeline = '${pipeline}' AND outcome = 'pending'`
      )
      return pending?.n === 0
    },
    doneMs
  )
}
