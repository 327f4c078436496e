import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { parseDuration, parseShare } from '../detectors/rules/units.ts'
import type { Anomaly } from '../detectors/types.ts'
import { eventsOf } from '../producer/events.ts'
import { incidentKinds } from '../producer/incident.ts'
import { type Layout, layouts } from '../producer/layouts/layout.ts'
import { labelsOf, type Scenario, scenarioPlan, scenarios } from '../producer/plan.ts'
import { loadConfig } from '../src/config/load.ts'
import { countPerCause, type PerCause, perCauseLine } from '../src/demo/per-cause.ts'
import type { NotificationRecord, StoredIncident } from '../src/incident/types.ts'
import { buildReplay } from '../src/run/assembly/replay.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import { createLogger } from '../src/telemetry/log.ts'
import { hourMs } from '../src/time/units.ts'
import { columns, describe, type Outcome, outcomeOf, rowOf } from './scenarios/outcome.ts'

const usage = `Plays each scenario of the producer through the whole pipeline and says what was found of it.

  node scripts/scenarios.ts [--scenarios steady,${incidentKinds[0]},…] [--seeds 1-10] [--orders 20] [--hours 6]
                            [--start 10:00] [--layout ${layouts.join('|')}] [--config FILE] [--list]
                            [--depth 35%] [--length 40m] [--at 12:00 [--history 24h]]

The streams are those that \`cartwatch produce --scenario\` writes, with its lengths and depths, of so many hours from
--start (UTC) on. --depth and --length set those of each incident. With --at each begins at that time of day (UTC), after
--history without one, and the stream ends an hour after it; --start and --hours do not count then. A checkout_bug of 35 %
takes 35 % of the orders; of failing payments (payment_outage) some are tried again and succeed.

Found: a fitting kind of any severity, until ten minutes after the incident. Named: the first finding that names a
segment names the right one first. Severity: of the first message, and what it came to. --config is a cartwatch.yaml
without events:. --list names each.`

const { values } = parseArgs({
  options: {
    scenarios: { type: 'string', default: scenarios.filter(name => name !== 'demo').join(',') },
    seeds: { type: 'string', default: '1-10' },
    orders: { type: 'string', default: '20' },
    hours: { type: 'string', default: '6' },
    start: { type: 'string', default: '10:00' },
    layout: { type: 'string', default: 'native' },
    config: { type: 'string' },
    depth: { type: 'string' },
    length: { type: 'string' },
    at: { type: 'string' },
    history: { type: 'string', default: '24h' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

const [firstSeed, lastSeed] = values.seeds.split('-').map(Number)
const seeds = Array.from(
  { length: (lastSeed ?? firstSeed ?? 0) - (firstSeed ?? 1) + 1 },
  (_, at) => (firstSeed ?? 1) + at
)
const configured = values.config === undefined ? '' : readFileSync(values.config, 'utf8')
const names = values.scenarios.split(',').filter(isScenario)
const layout = layouts.find(name => name === values.layout)
const ordersPerMinute = Number(values.orders)
const depth = values.depth === undefined ? undefined : (parseShare(values.depth) ?? Number.NaN)
const lengthMs = values.length === undefined ? undefined : (parseDuration(values.length) ?? Number.NaN)
const { startMs, durationMs, incidentAfterMs } = timesOf()
if (
  values.help ||
  names.length !== values.scenarios.split(',').length ||
  seeds.length === 0 ||
  layout === undefined ||
  Number.isNaN(startMs) ||
  !(ordersPerMinute > 0 && durationMs > 0) ||
  !(depth === undefined || depth > 0) ||
  !(lengthMs === undefined || lengthMs > 0) ||
  !(incidentAfterMs === undefined || incidentAfterMs > 0)
) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

/** Decided for these, and not sent. */
const receivers = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/A',
  PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32)
}

/** Of the stream, and of the incident in it where that is not drawn. */
function timesOf() {
  const at = (time: string) => Date.parse(`2026-11-17T${time}:00Z`)
  if (values.at === undefined)
    return {
      startMs: at(values.start),
      durationMs: Number(values.hours) * hourMs,
      incidentAfterMs: undefined
    }
  const historyMs = parseDuration(values.history) ?? Number.NaN
  const longestMs = lengthMs ?? 3 * hourMs
  return {
    startMs: at(values.at) - historyMs,
    durationMs: historyMs + longestMs + hourMs,
    incidentAfterMs: historyMs
  }
}

const table = new Table({
  style: { head: [], border: [], compact: true },
  head: columns
})
const all: PerCause[] = []
for (const scenario of names) {
  const outcomes: Outcome[] = []
  for (const seed of seeds) {
    const outcome = await play(scenario, seed, layout)
    outcomes.push(outcome)
    process.stderr.write(`${scenario} ${seed}: ${describe(outcome, values.list)}\n`)
  }
  all.push(...outcomes.flatMap(({ causes }) => causes))
  table.push(rowOf(scenario, outcomes))
}
console.log(table.toString())
console.log(perCauseLine(all))

async function play(scenario: Exclude<Scenario, 'demo'>, seed: number, as: Layout): Promise<Outcome> {
  const plan = scenarioPlan({
    ...{ scenario, seed, startMs, durationMs, shop: { ordersPerMinute } },
    ...(incidentAfterMs !== undefined && { incidentAfterMs }),
    ...(lengthMs !== undefined && { incidentLengthMs: lengthMs }),
    ...(depth !== undefined && { depth })
  })
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

function isScenario(name: string): name is Exclude<Scenario, 'demo'> {
  return name !== 'demo' && scenarios.some(known => known === name)
}
