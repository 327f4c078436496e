import { setImmediate as turn } from 'node:timers/promises'
import type { Detection, Finding } from '../../detectors/types.ts'
import { createShopCurrency, type ShopCurrency } from '../../src/decode/currency/shop-currency.ts'
import { createDecode } from '../../src/decode/decode.ts'
import { createDecodeRecord } from '../../src/decode/decode-record.ts'
import { noCurrency } from '../../src/decode/fields.ts'
import type { Channel } from '../../src/delivery/channel.ts'
import { createDelivery } from '../../src/delivery/delivery.ts'
import { createIncidents } from '../../src/incident/incidents.ts'
import { formatReason } from '../../src/incident/reason.ts'
import { createEvaluate } from '../../src/metrics/evaluate.ts'
import type { WindowMetrics } from '../../src/metrics/types.ts'
import type { ReceiverSettings } from '../../src/routing/receiver.ts'
import type { LiveSettings } from '../../src/run/live/types.ts'
import { createLive } from '../../src/run/live.ts'
import { createStallWatch } from '../../src/selfcheck/stall.ts'
import { createStallVerdicts } from '../../src/selfcheck/stall-findings.ts'
import { createOutageVerdicts } from '../../src/selfcheck/store-outage.ts'
import type { DeadLetter } from '../../src/source/dead-letters.ts'
import type { PartitionKey } from '../../src/source/partition.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import type { Checkpoint } from '../../src/window/types.ts'
import {
  rules as alertingRules,
  deliveryRules,
  epoch,
  minuteMs,
  plainContext,
  routeTo,
  slackAt
} from './alerts.ts'
import { ingestOptions, plainMetrics } from './ingest-options.ts'
import { createManualClock } from './manual-clock.ts'
import { createMemoryStore } from './memory-store.ts'
import { createRecordedLog } from './recorded-log.ts'
import { atBeginning, createScriptedSource } from './scripted-source.ts'
import { noTopicWatch } from './topic-watch.ts'

const timing = { sizeMs: minuteMs, graceMs: 10_000, idleMs: 30_000, maxAhead: 60, skipAfterMs: 1_800_000 }

const receivers: ReadonlyMap<string, ReceiverSettings> = new Map([
  ['slack', slackAt('https://hooks.example/A', true)]
])
const routes = [routeTo('slack')]

/** Windows are named by their minute, counted from `epoch`. */
export const minuteOfWindow = ({ start }: WindowMetrics) => (start - epoch) / minuteMs

const eventsOf = (window: WindowMetrics) => window.values.get('events')?.numerator ?? 0

/**
 * A detection that needs no history: an empty window is `data_loss`, one with more than 100 events `traffic_spike`. It
 * tells what it learnt and judged.
 */
export function createPlainDetection(seen: string[], name = ''): Detection {
  const finding = (window: WindowMetrics, kind: string): Finding => ({
    kind,
    metric: 'events',
    unit: 'count',
    additive: true,
    segment: 'all',
    severity: 'high',
    windowStart: window.start,
    windowEnd: window.end,
    value: eventsOf(window),
    expected: 10,
    details: `${eventsOf(window)} events`,
    explainedBy: [],
    evidence: {}
  })
  return {
    learn(window) {
      seen.push(`${name}learn ${minuteOfWindow(window)}`)
    },
    judge(window) {
      seen.push(`${name}judge ${minuteOfWindow(window)}`)
      const { start, end } = window
      const events = eventsOf(window)
      const findings = [
        ...(events === 0 ? [finding(window, 'data_loss')] : []),
        ...(events > 100 ? [finding(window, 'traffic_spike')] : [])
      ]
      const judged = window.complete ? ['data_loss', 'traffic_spike'] : []
      return { windowStart: start, windowEnd: end, findings: window.complete ? findings : [], judged }
    },
    warmup: () => []
  }
}

export interface LivePipelineOptions {
  /** Minutes behind `epoch` at which the clock starts. */
  readonly startMinute?: number
  readonly store?: ReturnType<typeof createMemoryStore>
  /** Undefined where it is to be learned. */
  readonly shop?: ShopCurrency
  /** For so long an order that comes again counts once; each time unless said. */
  readonly orderSpanMs?: number
}

/** The live pipeline over a scripted source, a store in memory and receivers that take everything. */
export function createLivePipeline({
  startMinute = 0,
  store = createMemoryStore(),
  shop = createShopCurrency({ currency: 'EUR', rates: {} }),
  orderSpanMs = 0
}: LivePipelineOptions = {}) {
  const clock = createManualClock(epoch + startMinute * minuteMs)
  const source = createScriptedSource(clock)
  const log = createRecordedLog()
  const seen: string[] = []
  const closedAt: number[] = []
  const sent: string[] = []
  const deadLetters: DeadLetter[] = []
  const faults = { deadLetters: false, broker: false }
  const metrics = createMetrics({ ofProcess: false })
  const minute = () => Math.floor((clock.now() - epoch) / 1_000) / 60
  const channels = new Map(
    [...receivers].map(([name, { type }]): [string, Channel] => [
      name,
      {
        type,
        address: name,
        async send({ action, kind, severity, reason }) {
          sent.push(
            `${Number(minute().toFixed(2))} ${name} ${action} ${kind} ${severity} ${formatReason(reason)}`
          )
          return { kind: 'sent', answer: '200' }
        }
      }
    ])
  )
  const delivery = createDelivery({
    channels,
    defaultReceiver: 'slack',
    receivers: new Map(),
    rules: { ...deliveryRules, rate: { perSecond: 1_000, burst: 1_000 }, ratePerKey: 1_000 },
    store,
    clock,
    random: () => 0.5,
    log,
    onOutcome: () => {}
  })
  const rulesOf = (name: string, detectors: unknown = {}): LiveSettings => ({
    configHash: `hash${name}`,
    detectors,
    newDetection: () => createPlainDetection(seen, name),
    incidents: { rules: alertingRules, routes, receivers, context: plainContext, sending: true },
    reports: { reports: [], sending: true },
    stallVerdicts: createStallVerdicts({
      enabled: true,
      severity: 'high',
      raiseAfterMs: [{ severity: 'critical', from: 300_000 }]
    }),
    outageVerdicts: createOutageVerdicts({
      enabled: true,
      afterMs: minuteMs,
      severity: 'high',
      raiseAfterMs: [{ severity: 'critical', from: 3_600_000 }]
    })
  })
  const firstRules = rulesOf('')
  const decode = createDecodeRecord({ currency: 'EUR', knownCurrencies: new Set(['EUR']), maxBytes: 100_000 })
  const undecided = createDecode({ currency: noCurrency, knownCurrencies: new Set(), maxBytes: 100_000 })
  const live = createLive({
    pipeline: 'shop',
    historyMs: 3_600_000,
    windows: ingestOptions({ ...timing, orderSpanMs }),
    settings: firstRules,
    incidents: createIncidents({ pipeline: 'shop', memory: store, ...firstRules.incidents }),
    decodeOf: () => decode,
    shop,
    undecided: () => undecided,
    topics: noTopicWatch,
    evaluate: createEvaluate(plainMetrics),
    source,
    store,
    deadLetters: {
      keep: letters => pipeline.keepDeadLetters(letters),
      close: async () => {}
    },
    delivery,
    onClosed: () => closedAt.push(Number(minute().toFixed(2))),
    watchStall: createStallWatch({ afterMs: () => minuteMs }),
    clock,
    log,
    metrics
  })

  /** Lets everything run that waits for nothing but its turn. */
  async function settle(turns = 30): Promise<void> {
    for (let passed = 0; passed < turns; passed++) await turn()
    await clock.advance(0)
  }

  /** Lets time pass; the broker answers every second unless it is gone. */
  async function pass(ms: number, lag?: Readonly<Record<PartitionKey, number>>): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1_000) {
      await clock.advance(Math.min(1_000, ms - passed))
      if (!faults.broker) source.answer(lag)
    }
    await settle()
  }

  /** Hands in so many events of a minute, all at its given second, with the record's time the same unless said. */
  function events(
    at: number,
    count: number,
    {
      key = 't/0',
      second = 0,
      recordTime = 0
    }: { key?: PartitionKey; second?: number; recordTime?: number } = {}
  ): void {
    const time = epoch + at * minuteMs + second * 1_000
    const value = JSON.stringify({ event_type: 'page_view', event_time: new Date(time).toISOString() })
    source.read(
      key,
      Array.from({ length: count }, () => ({ recordTime: recordTime || time, value }))
    )
  }

  /** So many events 20 s into a minute, which close the one before, and the clock to its end. */
  async function readMinute(at: number, count: number): Promise<void> {
    await pass(20_000)
    events(at, count, { second: 20 })
    await pass(40_000)
  }

  const pipeline = {
    clock,
    source,
    store,
    log,
    seen,
    sent,
    /** Minutes at which windows closed. */
    closedAt,
    deadLetters,
    faults,
    metrics,
    live,
    rulesOf,
    settle,
    /** Starts it and gives it the partitions from their beginning. */
    async start(partitions: readonly PartitionKey[] = ['t/0']) {
      void live.run()
      await settle()
      source.assign(startOf(partitions))
      await settle()
    },
    async keepDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
      if (faults.deadLetters) throw new Error('no such topic')
      deadLetters.push(...letters)
    },
    pass,
    events,
    readMinute,
    /** Ten events in each of these minutes. */
    async readMinutes(from: number, to: number) {
      for (let at = from; at < to; at++) await readMinute(at, 10)
    },
    lastCommit(): ReadonlyMap<PartitionKey, Checkpoint> {
      const last = source.commits.at(-1)
      if (last === undefined) throw new Error('nothing was committed')
      return last
    },
    /** Minutes whose rows are stored, with their events. */
    stored: () => [...store.windowRows.values()].map(window => [minuteOfWindow(window), eventsOf(window)])
  }
  return pipeline
}

export const startOf = (partitions: readonly PartitionKey[]): ReadonlyMap<PartitionKey, Checkpoint> =>
  new Map(partitions.map(key => [key, atBeginning]))
