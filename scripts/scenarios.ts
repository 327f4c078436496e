import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { median } from 'simple-statistics'
import type { Anomaly } from '../detectors/types.ts'
import { eventsOf } from '../producer/events.ts'
import { incidentKinds } from '../producer/incident.ts'
import { type Layout, layouts } from '../producer/layouts/layout.ts'
import { type Label, labelsOf, type Scenario, scenarioPlan, scenarios } from '../producer/plan.ts'
import { loadConfig } from '../src/config/load.ts'
import { fittingKinds, harmlessKinds } from '../src/demo/fitting.ts'
import { countPerCause, meansOf, type PerCause, perCauseLine } from '../src/demo/per-cause.ts'
import type { NotificationRecord, StoredIncident } from '../src/incident/types.ts'
import { buildReplay } from '../src/run/assembly/replay.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import { createLogger } from '../src/telemetry/log.ts'

const usage = `Plays each scenario of the producer through the whole pipeline and says what was found of it.

  node scripts/scenarios.ts [--scenarios steady,${incidentKinds[0]},…] [--seeds 1-10] [--orders 20] [--hours 6]
                            [--start 10:00] [--layout ${layouts.join('|')}] [--config FILE] [--list]

The streams are those that \`cartwatch produce --scenario\` writes, with its lengths and depths, of so many hours from
--start (UTC) on. Found: a fitting kind of any severity, until ten minutes after the incident. Named: the first finding
that names a segment names the right one first. --config is a cartwatch.yaml without events:. --list names each.`

const { values } = parseArgs({
  options: {
    scenarios: { type: 'string', default: scenarios.filter(name => name !== 'demo').join(',') },
    seeds: { type: 'string', default: '1-10' },
    orders: { type: 'string', default: '20' },
    hours: { type: 'string', default: '6' },
    start: { type: 'string', default: '10:00' },
    layout: { type: 'string', default: 'native' },
    config: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const [firstSeed, lastSeed] = values.seeds.split('-').map(Number)
const seeds = Array.from(
  { length: (lastSeed ?? firstSeed ?? 0) - (firstSeed ?? 1) + 1 },
  (_, at) => (firstSeed ?? 1) + at
)
const configured = values.config === undefined ? '' : readFileSync(values.config, 'utf8')
const names = values.scenarios.split(',').filter(isScenario)
const layout = layouts.find(name => name === values.layout)
const startMs = Date.parse(`2026-11-17T${values.start}:00Z`)
const ordersPerMinute = Number(values.orders)
const durationMs = Number(values.hours) * hourMs
if (
  values.help ||
  names.length !== values.scenarios.split(',').length ||
  seeds.length === 0 ||
  layout === undefined ||
  Number.isNaN(startMs) ||
  !(ordersPerMinute > 0 && durationMs > 0)
) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

/** Decided for these, and not sent. */
const receivers = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/A',
  PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32)
}

interface Outcome {
  readonly label: Label | undefined
  readonly delayMs: number | undefined
  readonly named: boolean | undefined
  readonly kinds: readonly string[]
  readonly falseAlarms: readonly Anomaly[]
  readonly causes: readonly PerCause[]
}

const table = new Table({
  style: { head: [], border: [], compact: true },
  head: [
    'scenario',
    'found',
    'named',
    'median delay',
    'longest',
    'above low elsewhere',
    'incidents',
    'pages',
    'messages',
    'cause right',
    'found first by'
  ]
})
const all: PerCause[] = []
for (const scenario of names) {
  const outcomes: Outcome[] = []
  for (const seed of seeds) {
    const outcome = await play(scenario, seed, layout)
    outcomes.push(outcome)
    process.stderr.write(`${scenario} ${seed}: ${describe(outcome)}\n`)
  }
  all.push(...outcomes.flatMap(({ causes }) => causes))
  table.push(rowOf(scenario, outcomes))
}
console.log(table.toString())
console.log(perCauseLine(all))

async function play(scenario: Exclude<Scenario, 'demo'>, seed: number, as: Layout): Promise<Outcome> {
  const plan = scenarioPlan({ scenario, seed, startMs, durationMs, shop: { ordersPerMinute } })
  const loaded = loadConfig({
    path: 'scenarios',
    env: receivers,
    readFile: () => `${configured}\nalerts: off\nevents: { layout: ${as} }`
  })
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'))
  const anomalies: Anomaly[] = []
  const incidents = new Map<string, StoredIncident>()
  const notifications: NotificationRecord[] = []
  const run = await buildReplay({
    loaded,
    clock: wallClock,
    log: createLogger({ level: 'error', clock: wallClock, to: process.stderr }),
    folder: undefined,
    send: false,
    onDecision(decision) {
      anomalies.push(...decision.anomalies)
      notifications.push(...decision.notifications)
      for (const incident of decision.incidents) incidents.set(incident.id, incident)
    }
  })
  let at = 0
  for (const { line } of eventsOf(plan, as)) run.replay.take(line, ++at)
  run.replay.end()
  await run.close()
  return {
    ...outcomeOf(labelsOf(plan)[0], anomalies),
    causes: countPerCause(labelsOf(plan), [...incidents.values()], notifications)
  }
}

function namedBy({ segment, explainedBy, evidence }: Anomaly): string | undefined {
  if (typeof evidence['fields'] === 'string') return `field=${evidence['fields'].split(', ')[0]}`
  return segment === 'all' ? explainedBy[0]?.segment : segment
}

function outcomeOf(label: Label | undefined, anomalies: readonly Anomaly[]): Omit<Outcome, 'causes'> {
  const isOf = ({ windowStart, windowEnd }: Anomaly) =>
    label !== undefined && windowEnd > label.startMs && windowStart <= label.endMs + 20 * minuteMs
  const raised = anomalies.filter(isOf)
  const fitting = raised.filter(
    ({ kind, windowEnd }) =>
      label !== undefined &&
      windowEnd <= label.endMs + 10 * minuteMs &&
      fittingKinds[label.kind]?.finds.includes(kind)
  )
  const naming = fitting.map(namedBy).find(segment => segment !== undefined)
  const harmless = label !== undefined && harmlessKinds.has(label.kind)
  return {
    label,
    delayMs: label && fitting[0] && fitting[0].windowEnd - label.startMs,
    named: label?.segment === undefined ? undefined : naming === label.segment,
    kinds: [
      ...new Set(
        raised.map(
          ({ kind, segment, severity }) => `${kind}${segment === 'all' ? '' : ` ${segment}`} (${severity})`
        )
      )
    ],
    falseAlarms: anomalies.filter(one => (harmless || !isOf(one)) && one.severity !== 'low')
  }
}

function describe({ label, delayMs, named, kinds, falseAlarms }: Outcome): string {
  const what = label
    ? `depth ${label.depth} ${label.segment ?? ''} at ${new Date(label.startMs).toISOString()}`
    : ''
  const found = delayMs === undefined ? 'not found' : `after ${(delayMs / minuteMs).toFixed(1)} min`
  const rest = values.list
    ? `\n    ${kinds.join(', ')}${falseAlarms.map(one => `\n    false: ${one.kind} ${one.segment} ${one.severity} ${new Date(one.windowEnd).toISOString()} ${one.details}`).join('')}`
    : ''
  return `${what} ${found}${named === undefined ? '' : named ? ', named' : ', not named'}, ${falseAlarms.length} false${rest}`
}

function rowOf(scenario: string, outcomes: readonly Outcome[]): string[] {
  const delays = outcomes.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs / minuteMs]))
  const naming = outcomes.filter(({ named }) => named !== undefined)
  const first = new Map<string, number>()
  for (const { kinds } of outcomes)
    for (const kind of kinds.slice(0, 1)) first.set(kind, (first.get(kind) ?? 0) + 1)
  return [
    scenario,
    scenario === 'steady' || harmlessKinds.has(scenario) ? '' : `${delays.length} of ${outcomes.length}`,
    naming.length === 0 ? '' : `${naming.filter(({ named }) => named).length} of ${naming.length}`,
    delays.length === 0 ? '' : `${median(delays).toFixed(1)} min`,
    delays.length === 0 ? '' : `${Math.max(...delays).toFixed(1)} min`,
    String(outcomes.reduce((sum, { falseAlarms }) => sum + falseAlarms.length, 0)),
    ...perCauseCells(outcomes.flatMap(({ causes }) => causes)),
    [...first].map(([kind, count]) => `${kind} ${count}`).join(', ')
  ]
}

function perCauseCells(causes: readonly PerCause[]): string[] {
  const { found, incidents, pages, messages, right } = meansOf(causes)
  if (found === 0) return ['', '', '', '']
  return [...[incidents, pages, messages].map(mean => mean.toFixed(1)), `${right} of ${found}`]
}

function isScenario(name: string): name is Exclude<Scenario, 'demo'> {
  return name !== 'demo' && scenarios.some(known => known === name)
}
