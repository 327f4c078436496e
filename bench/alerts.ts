import { parseArgs } from 'node:util'
import type { Verdict } from '../detectors/types.ts'
import type { Channel } from '../src/delivery/channel.ts'
import { createDelivery } from '../src/delivery/delivery.ts'
import { createIncidents } from '../src/incident/incidents.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from '../src/incident/types.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import {
  anomalyAt,
  deliveryRules,
  incidentOf,
  plainContext,
  recordOf,
  routeTo,
  rules,
  slackAt
} from '../test/support/alerts.ts'

const usage = `What many open incidents and pending notifications cost: the longest processor time for which each step
holds the event loop.

  node bench/alerts.ts [--open 10000] [--pending 10000] [--silences 20]`

const { values } = parseArgs({
  options: {
    open: { type: 'string', default: '10000' },
    pending: { type: 'string', default: '10000' },
    silences: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const minuteMs = 60_000
const now = Date.now()
const windowEnd = Math.floor(now / minuteMs) * minuteMs
const segmentOf = (index: number) => `category=c${index}` as const

/** Processor time of this thread, in milliseconds: what others do on the machine is not in it. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const longest = new Map<string, number>()
function timed<Value>(step: string, work: () => Value): Value {
  const began = cpuMs()
  const value = work()
  longest.set(step, Math.max(longest.get(step) ?? 0, cpuMs() - began))
  return value
}

/** The longest time between two turns of the event loop while `work` goes on. */
async function holding(step: string, work: () => Promise<void>): Promise<void> {
  let last = cpuMs()
  let isOver = false
  const look = () => {
    const at = cpuMs()
    longest.set(step, Math.max(longest.get(step) ?? 0, at - last))
    last = at
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  await work()
  isOver = true
}

const open: readonly StoredIncident[] = Array.from({ length: Number(values.open) }, (_, index) => {
  const segment = segmentOf(index)
  const lastAnomaly = { ...anomalyAt(0, { segment }), windowStart: windowEnd - minuteMs, windowEnd }
  return incidentOf({
    id: `incident-${index}`,
    segment,
    lastAnomaly,
    openedAt: windowEnd - minuteMs,
    lastAnomalyAt: windowEnd,
    lastWindowEnd: windowEnd
  })
})
const actions: readonly OperatorAction[] = Array.from({ length: Number(values.silences) }, (_, index) => ({
  id: `silence-${index}`,
  pipeline: 'shop',
  action: 'silence',
  at: now,
  by: 'ann',
  via: 'cli',
  incidentId: null,
  severity: null,
  silence: {
    id: `silence-${index}`,
    matchers: {
      kinds: null,
      severities: null,
      segments: [`category=other-${index}-*`],
      pipelines: null,
      labels: {}
    },
    by: 'ann',
    reason: 'bench',
    startsAt: now - minuteMs,
    endsAt: now + 60 * minuteMs
  }
}))
const records: readonly NotificationRecord[] = Array.from({ length: Number(values.pending) }, (_, index) =>
  recordOf({
    id: `notification-${index}`,
    incidentId: `incident-${index}`,
    segment: segmentOf(index),
    receiver: index % 2 === 0 ? 'slack' : 'revenue',
    outcome: 'pending',
    severity: 'high',
    decidedAt: now,
    updatedAt: now
  })
)

const receivers = new Map([
  ['slack', slackAt('https://hooks.example/A', true)],
  ['revenue', slackAt('https://hooks.example/B', true)]
])
const incidents = createIncidents({
  pipeline: 'shop',
  memory: { incidents: async () => open, notifications: async () => records, actions: async () => [] },
  rules,
  routes: [routeTo('slack')],
  receivers,
  context: plainContext,
  sending: true
})

const began = cpuMs()
const restored = await incidents.restore(0, now - 3 * minuteMs)
timed('apply the actions of people', () => incidents.onActions(actions, now))
for (let second = 0; second < 60; second++)
  timed(second < 25 ? 'tick, the first round' : 'tick', () => incidents.tick(now + second * 1_000))
const verdict: Verdict = {
  windowStart: windowEnd,
  windowEnd: windowEnd + minuteMs,
  findings: [],
  judged: ['revenue_drop']
}
timed('window', () => incidents.onWindow(verdict, [], now + minuteMs))

let sent = 0
let answer: 'sent' | 'retry' = 'sent'
const channelOf = (name: string): Channel => ({
  type: 'slack',
  address: name,
  async send() {
    // As a reply over the network, it comes in another turn.
    await new Promise(resolve => setImmediate(resolve))
    sent += 1
    return answer === 'sent' ? { kind: 'sent', answer: '200 ok' } : { kind: 'retry', answer: '500' }
  }
})
const delivery = createDelivery({
  channels: new Map(['slack', 'revenue', 'fallback'].map(name => [name, channelOf(name)])),
  receivers: new Map([['revenue', { fallback: 'fallback', rate: { perSecond: 1e6, burst: 1e6 } }]]),
  defaultReceiver: 'slack',
  rules: { ...deliveryRules, rate: { perSecond: 1e6, burst: 1e6 }, ratePerKey: 1_000 },
  store: { insertNotifications: async () => {} },
  clock: wallClock,
  random: () => 0.5,
  log: { debug() {}, info() {}, warn() {}, error() {} },
  onOutcome: () => {}
})
const whileSending = async (count: number) => {
  const until = Date.now() + 60_000
  while (sent < count && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 5))
}
await holding('start the delivery and send', async () => {
  timed('restore the delivery', () => delivery.restore(restored.records))
  timed('enqueue what is pending', () => delivery.enqueue(restored.pending, Promise.resolve()))
  await whileSending(200)
  timed('state of a receiver', () => delivery.receiver('slack'))
})
answer = 'retry'
await holding('send to receivers that fail', () => whileSending(sent + 10))
console.log(
  `${open.length} open, ${records.length} pending, ${sent} sent, ${Math.round(cpuMs() - began)} ms in all`
)
for (const [step, ms] of longest) console.log(`${step.padEnd(32)} ${ms.toFixed(1).padStart(9)} ms`)
process.exit(0)
