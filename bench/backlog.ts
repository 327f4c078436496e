import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { startBroker } from '../src/demo/broker/broker.ts'
import { openInbox } from '../src/demo/inbox/inbox.ts'
import { wallClock } from '../src/telemetry/clock.ts'
import { clientOf, kafkaAt } from '../test/support/kafka-client.ts'
import { doneUntil } from '../test/support/pipeline.ts'
import { startProgram } from '../test/support/program.ts'
import { nightOf } from './backlog/night.ts'
import { measurePhase, type Phase } from './backlog/phase.ts'
import { throttle } from './backlog/throttle.ts'

const usage = `A night's stop and a burst: the program learns from an evening, is stopped for nine hours in which the given number of
events come, with an outage of the payments in it, and is started again. When it has caught up, it is held to a small share
of its time, and a second process produces for a minute as fast as it can: about ten times what it can then read. A minute
later it may run freely again. Prints time, memory, lag, joins of the group and messages of each.

  npm run bench:backlog -- [--events 10000000] [--burst-seconds 60]

The topic has 12 partitions. Uses KAFKA_BOOTSTRAP_SERVERS, or starts a Kafka (Java 17 and Maven). Ten million events take
4 GB in the temporary folder.`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    'burst-seconds': { type: 'string', default: '60' },
    help: { type: 'boolean', default: false }
  }
})
const wanted = Number(values.events)
const burstSeconds = Number(values['burst-seconds'])
if (values.help || !(wanted > 0) || !(burstSeconds > 0)) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

const partitions = 12
const hourMs = 3_600_000
/** Between two looks a live shop sends so much. */
const littleLag = 5_000
const quietSeconds = 30
const summarySeconds = 120
/** What the second process produces, in events a second, is to be ten times what the program can read. */
const burstRate = 70_000
const heldSeconds = 60

const endings: (() => void | Promise<void>)[] = []
const onFinished = (end: () => void | Promise<void>) => void endings.push(end)
const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)
const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0)
const whole = (value: number) => Math.round(value).toLocaleString('en')

process.once('SIGINT', () => process.exit(130))
try {
  await run()
} finally {
  for (const end of endings.reverse()) await end()
}
process.exit(0)

async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cartwatch-backlog-'))
  onFinished(() => rm(folder, { recursive: true, force: true }))
  const { KAFKA_BOOTSTRAP_SERVERS: given } = process.env
  const broker = given ? undefined : await startBroker({ dir: join(folder, 'kafka') })
  if (broker) onFinished(broker.stop)
  const bootstrap = given ?? broker?.bootstrap ?? ''
  const admin = clientOf(bootstrap).admin()
  await admin.connect()
  onFinished(() => admin.disconnect())
  const kafka = kafkaAt(
    () => bootstrap,
    () => admin
  )
  const topic = await kafka.createTopic({ partitions })
  const inbox = await openInbox({ clock: wallClock })
  onFinished(inbox.close)

  say(`producing an evening and a night of ${whole(wanted)} events`)
  const endMs = Date.now()
  const shop = start('shop.ts', [bootstrap, topic, `${wanted}`, `${endMs}`])
  const produced = Number(await shop.line())
  say(`${whole(produced)} events are there, and the shop is live`)

  const config = {
    kafka: { brokers: bootstrap, topics: [topic], group: topic },
    store: { folder: join(folder, 'store') },
    detectors: { baseline: { warm_up: '30m' } },
    receivers: { slack: { type: 'slack', webhook_url: inbox.slackUrl('slack') } },
    routes: [{ default: 'slack' }],
    http: { port: 0 }
  }
  const first = await startProgram(config, { onTestFinished: onFinished })
  await doneUntil(kafka, topic, nightOf(wanted, endMs).eveningEndMs, { deadlineMs: hourMs })
  first.signal('SIGTERM')
  if ((await first.ended) !== 0) throw new Error(first.written())
  say(`the evening is learnt; ${tellMessages(0)}`)

  const enginePid = () => {
    try {
      return JSON.parse(readFileSync(join(folder, 'store', 'endpoint.json'), 'utf8')).pid as number
    } catch {
      return undefined
    }
  }
  const committed = [...(await kafka.groupOffsets(topic, topic)).values()].map(({ offset }) => offset)
  const backlog = sum([...(await kafka.endOffsets(topic)).values()]) - sum(committed)
  say(`${whole(backlog)} events wait`)
  const program = await startProgram(config, { onTestFinished: onFinished })
  const ofEvening = inbox.messages.length
  const phaseOptions = { program, kafka, group: topic, enginePid, onLook: onLook() }
  const night = await measurePhase(phaseOptions, ({ lag, events }) => events >= backlog && lag < littleLag)
  await measurePhase(
    phaseOptions,
    ({ seconds }) => inbox.messages.length > ofEvening || seconds > summarySeconds
  )
  const ofNight = inbox.messages.length
  const toldOfNight = tellMessages(ofEvening)
  say(`caught up; ${toldOfNight}`)
  console.log(tableOf({ 'the night': night }))
  await measurePhase(phaseOptions, ({ seconds }) => seconds > quietSeconds)

  const burst = start('burst.ts', [bootstrap, topic, `${wanted}`, `${burstSeconds}`])
  await burst.line()
  const rate = night.events / night.seconds
  const release = throttle(program.pid, Math.min(1, burstRate / 10 / rate))
  onFinished(release)
  burst.begin()
  let sent = 0
  void burst.line().then(line => {
    sent = Number(line)
    say(`the burst is over: ${whole(sent)} events`)
  })
  const burstOptions = { ...phaseOptions, onLook: onLook() }
  const held = await measurePhase(
    burstOptions,
    ({ seconds }) => sent > 0 && seconds > burstSeconds + heldSeconds
  )
  release()
  const freed = await measurePhase(burstOptions, ({ lag }) => lag < littleLag)
  await measurePhase(burstOptions, ({ seconds }) => seconds > 4 * quietSeconds)
  const toldOfBurst = tellMessages(ofNight)
  program.signal('SIGTERM')
  say(`the program ended with ${await program.ended}`)

  const heldRate = held.events / held.seconds
  console.log(tableOf({ 'the night': night, 'the burst, held': held, 'then freely': freed }))
  const times = (sent / burstSeconds / heldRate).toFixed(1)
  console.log(`the burst: ${whole(sent / burstSeconds)} events/s for ${burstSeconds} s`)
  console.log(`that is ${times} times the ${whole(heldRate)} that could be read`)
  console.log(`told of the night: ${toldOfNight}`)
  console.log(`told behind the night: ${toldOfBurst}`)

  function tellMessages(from: number): string {
    const texts = inbox.messages.slice(from).map(({ body }) => String((body as { text?: string }).text))
    return texts.length === 0 ? 'no message' : texts.join('\n  ')
  }

  function start(script: string, args: readonly string[]) {
    const path = fileURLToPath(new URL(`backlog/${script}`, import.meta.url))
    const child: ChildProcess = spawn(process.execPath, [path, ...args], {
      stdio: ['pipe', 'pipe', 'inherit']
    })
    onFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    return {
      line: async () => String((await once(lines, 'line'))[0]),
      begin: () => void child.stdin?.write('begin\n')
    }
  }
}

/** Says now and then how far it is. */
function onLook(): (events: number, lag: number) => void {
  let looks = 0
  return (events, lag) => {
    if (looks++ % 10 === 0) say(`${whole(events)} events read, ${whole(lag)} behind`)
  }
}

function tableOf(phases: Readonly<Record<string, Phase>>): string {
  const table = new Table({
    head: ['', ...Object.keys(phases)],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right']
  })
  const row = (name: string, of: (phase: Phase) => number) =>
    table.push([name, ...Object.values(phases).map(phase => whole(of(phase)))])
  row('events', ({ events }) => events)
  row('seconds', ({ seconds }) => seconds)
  row('events/s', ({ events, seconds }) => events / seconds)
  row('records behind, at most', ({ mostBehind }) => mostBehind)
  row('memory of the program at most, MB', ({ programMb }) => programMb)
  row('memory of the ClickHouse engine at most, MB', ({ engineMb }) => engineMb)
  row('event-loop delay, 99th percentile of a second, at most, ms', ({ loopP99Ms }) => loopP99Ms)
  row('open windows of partitions, at most', ({ openWindows }) => openWindows)
  row('windows that waited for the store, at most', ({ waitingWindows }) => waitingWindows)
  row('joins of the group', ({ rejoins }) => rejoins)
  return table.toString()
}
