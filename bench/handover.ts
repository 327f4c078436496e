import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { loadConfig } from '../src/config/load.ts'
import { startBroker } from '../src/demo/broker/broker.ts'
import { openEmbedded } from '../src/store/embedded/open.ts'
import { openStore } from '../src/store/open.ts'
import { type Instance, type Line, startInstance } from './instance.ts'
import { startSteady } from './steady.ts'

const usage = `How much later a window closes when the instance that works is killed: two instances with the shipped settings on a
steady stream, of which the one that works is killed (SIGKILL) a second before a window would have closed, again and
again. The delay is the time at which the window closed, less its end and the grace.

  node bench/handover.ts [--kills 5] [--window 1m] [--events 200]

--window is the size of the windows, --events how many come in a second. Starts a Kafka (Java 17 and Maven) and the
embedded engine.`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '5' },
    window: { type: 'string', default: '1m' },
    events: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false }
  }
})
const windows = { size: values.window }
const loaded = loadConfig({ path: 'handover', env: {}, readFile: () => JSON.stringify({ windows }) })
if (values.help || !loaded.ok) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}
const { sizeMs, graceMs } = loaded.config.windows
const partitions = 12
/** Before the window would have closed. */
const killBeforeMs = 1_000

interface Kill {
  readonly pausedMs: number
  readonly delayMs: number
  readonly givenMs: number
  readonly judgedMs: number
}

const folder = await mkdtemp(join(tmpdir(), 'cartwatch-handover-'))
const broker = await startBroker({ dir: join(folder, 'kafka') })
const engine = await openEmbedded(join(folder, 'store'))
try {
  const store = await openStore({ folder: join(folder, 'store'), timeoutMs: 60_000 })
  await store.migrate()
  await store.close()
  const topic = 'handover'
  const stream = await startSteady(broker.bootstrap, topic, { partitions, perSecond: Number(values.events) })
  const config = {
    currency: 'USD',
    kafka: { brokers: broker.bootstrap, topics: [topic] },
    windows,
    store: { url: engine.url, user: engine.user, password: engine.password },
    alerts: 'off',
    http: { port: 0 },
    log: { level: 'debug', pretty: 'off' }
  }
  let started = 0
  const start = () => startInstance(join(folder, `instance-${started++}.yaml`), config)
  let working = await start()
  await working.line(isClosed())
  const kills: Kill[] = []
  for (let kill = 1; kill <= Number(values.kills); kill++) {
    const standby = await start()
    await standby.line(({ msg }) => msg === 'standby: another instance is active')
    kills.push(await measure(working, standby))
    working = standby
    console.log(`kill ${kill} of ${values.kills}: closed ${seconds((kills.at(-1) as Kill).delayMs)} late`)
  }
  await working.kill()
  await stream.stop()
  console.log(tableOf(kills))
} finally {
  await engine.close()
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
}

/** Kills the one a second before a window would have closed, and waits for the other to close and judge it. */
async function measure(working: Instance, standby: Instance): Promise<Kill> {
  // The group has taken the new standby in, and the working one closes windows again.
  await sleep(2 * sizeMs)
  const due = Math.ceil((Date.now() + killBeforeMs - graceMs) / sizeMs) * sizeMs + graceMs
  await sleep(due - killBeforeMs - Date.now())
  await working.kill()
  const killedAt = Date.now()
  const rejoins = working.log.findLast(({ msg }) => msg === 'The group is rebalancing, re-joining')
  const worksOn = working.log.findLast(({ msg, kept }) => msg === 'active' && kept === true)
  if (rejoins === undefined || worksOn === undefined) throw new Error('it did not meet the new standby')
  const isIt = isClosed(due - graceMs)
  const [given, closed, judged] = await Promise.all([
    standby.line(({ msg }) => msg === 'active'),
    standby.line(isIt),
    standby.line(({ msg }) => msg === 'learnt from stored windows')
  ])
  if (working.log.some(isIt)) throw new Error('the window had closed before the kill')
  return {
    pausedMs: timeOf(worksOn) - timeOf(rejoins),
    givenMs: timeOf(given) - killedAt,
    delayMs: timeOf(closed) - due,
    judgedMs: timeOf(judged) - due
  }
}

function isClosed(end?: number): (line: Line) => boolean {
  return ({ msg, window_end }) =>
    msg === 'window closed' && (end === undefined || Date.parse(String(window_end)) === end)
}

function timeOf({ time }: Line): number {
  return Date.parse(String(time))
}

function tableOf(kills: readonly Kill[]): string {
  const row = (what: string, of: (kill: Kill) => number) => {
    const sorted = kills.map(of).sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] as number
    return [what, seconds(sorted[0] as number), seconds(median), seconds(sorted.at(-1) as number)]
  }
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ['', 'min', 'median', 'max'],
    colAligns: ['left', 'right', 'right', 'right']
  })
  table.push(
    row('reading paused, when the other joined', one => one.pausedMs),
    row('the work was given to the other, after the kill', one => one.givenMs),
    row('the window closed, after its end and the grace', one => one.delayMs),
    row('it could be judged, after its end and the grace', one => one.judgedMs)
  )
  return `${kills.length} kills\n${table}`
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
