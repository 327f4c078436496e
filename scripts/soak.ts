import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { integer, uniformOf } from '../producer/random.ts'
import { messageOf } from '../src/telemetry/message.ts'
import { defaultDimensions, doneUntil } from '../test/support/pipeline.ts'
import { flushOfShop } from '../test/support/shop-stream.ts'
import { until } from '../test/support/until.ts'
import { drawn, faults, type Scene } from './soak/faults.ts'
import { createInstances } from './soak/instances.ts'
import { plotOf } from './soak/plot.ts'
import { isRight, type Outcome, reportOf } from './soak/report.ts'
import { createSampler } from './soak/sampler.ts'
import { verifyNotifications, verifyValues } from './soak/verify.ts'
import { currency, graceMs, openWorld, ordersPerMinute, pipeline, sessionMs, sizeMs } from './soak/world.ts'

const usage = `A steady stream of some 150 events a second through two instances of the program, with a fault every few minutes.

  npm run soak -- --minutes 60 [--seed 1] [--out data/soak]

Memory, file handles, event-loop delay and lag go into samples.csv and soak.svg of the folder, the instances' logs beside
them. At the end every stored value is held against a recount of the topic, and every notification against what the
receivers took. Windows are of 5 seconds, so that there are many. Needs Java 17 and Maven.`

const { values: given } = parseArgs({
  options: {
    minutes: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'data/soak' },
    help: { type: 'boolean', default: false }
  }
})
const minutes = Number(given.minutes)
const seed = Number(given.seed)
if (given.help || !(minutes >= 3) || !Number.isSafeInteger(seed)) {
  console.log(given.help ? usage : `${usage}\n\n--minutes from 3, --seed a whole number`)
  process.exit(given.help ? 0 : 1)
}

const sampleMs = 5_000
const samplesBetweenLines = 12
const doneMs = 600_000
const catchUpMs = 300_000
/** Records behind that are no lag: what comes in a few seconds. */
const littleLag = 2_000
/** A short run has all in little time. */
const warmUpS = Math.min(300, minutes * 12)
const quietMs = minutes < 15 ? { from: 10_000, to: 25_000 } : { from: 60_000, to: 180_000 }
const firstFaultMs = minutes < 15 ? 45_000 : 180_000
const lastFaultMs = Math.min(120_000, minutes * 15_000)

const endings: (() => void | Promise<void>)[] = []
const onFinished = (end: () => void | Promise<void>) => void endings.push(end)
const stopped = new AbortController()
const failures: string[] = []
const counts = new Map<string, number>()
const uniform = uniformOf(seed, 'faults')
let fault = ''

const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)

process.once('SIGINT', () => stopped.abort())
process.once('SIGTERM', () => stopped.abort())
const aborted = new Promise<never>((_, reject) => {
  stopped.signal.addEventListener('abort', () => reject(new Error('it was stopped')), { once: true })
})

let exitCode = 1
try {
  await mkdir(given.out, { recursive: true })
  exitCode = await Promise.race([soak(), aborted])
} catch (error) {
  console.error(messageOf(error))
} finally {
  for (const end of endings.reverse()) await end()
}
process.exit(exitCode)

async function soak(): Promise<number> {
  const world = await openWorld(onFinished)
  const { kafka, topic, inbox } = world
  let logs = 0
  const instances = createInstances({
    config: world.config,
    onFinished,
    keepLog: (name, text) => {
      logs++
      void writeFile(join(given.out, `${String(logs).padStart(2, '0')}-${name}.log`), text)
    }
  })
  await instances.start('steady')
  await instances.worked()
  await instances.start('mortal')

  const sampler = createSampler({
    instances,
    enginePid: world.enginePid,
    fault: () => fault,
    path: join(given.out, 'samples.csv')
  })
  const watching = new AbortController()
  const watched = watch()

  const endsAt = Date.now() + minutes * 60_000
  const stream = world.shop(seed, ordersPerMinute, minutes, true)
  const scene: Scene = {
    ...world,
    instances,
    sessionMs,
    uniform,
    burst: () => world.shop(seed + counts.size * 1_000, 10 * ordersPerMinute, 1, false).ended
  }
  await Promise.all([stream.ended, doFaults().catch(error => failures.push(messageOf(error)))])
  say('the stream has ended')

  const endMs = Math.floor(Date.now() / sizeMs + 2) * sizeMs
  await kafka.produce(topic, flushOfShop({ seed, startMs: endMs, sizeMs, graceMs, partitions: 12 }, 0))
  const rows = await world.openRows()
  await doneUntil(kafka, topic, endMs, { deadlineMs: doneMs }).catch(error => failures.push(messageOf(error)))
  const pending = `SELECT toInt32(count()) AS n FROM realtime.notifications FINAL WHERE outcome = 'pending'`
  await until(
    'every notification to be delivered',
    async () => (await rows<{ n: number }>(pending))[0]?.n === 0,
    doneMs
  ).catch(error => failures.push(messageOf(error)))
  watching.abort()
  await watched
  await Promise.all([instances.leave('steady'), instances.leave('mortal')])

  say('comparing')
  const ends = await kafka.endOffsets(topic)
  const recountOptions = { currency, sizeMs, graceMs, dimensions: defaultDimensions }
  const { bootstrap } = world.broker
  const outcome: Outcome = {
    samples: sampler.samples,
    warmUpS,
    faults: counts,
    values: await verifyValues({ bootstrap, topic, ends, rows, pipeline, recountOptions, untilMs: endMs }),
    notifications: await verifyNotifications(inbox, rows, pipeline),
    failures: [...failures, ...instances.ends]
  }
  await writeFile(join(given.out, 'soak.svg'), plotOf(sampler.samples))
  await writeFile(join(given.out, 'messages.json'), JSON.stringify(inbox.messages, null, 1))
  const { evidence } = outcome.values
  if (evidence.length > 0)
    await writeFile(join(given.out, 'evidence.json'), JSON.stringify(evidence, null, 1))
  const report = `npm run soak -- --minutes ${minutes} --seed ${seed}\n\n${reportOf(outcome)}`
  await writeFile(join(given.out, 'report.txt'), `${report}\n`)
  console.log(report)
  for (const line of [...outcome.values.wrong, ...outcome.notifications.lost, ...outcome.failures].slice(
    0,
    20
  ))
    console.error(line)
  return isRight(outcome) ? 0 : 1

  async function doFaults(): Promise<void> {
    await sleep(firstFaultMs)
    for (const name of drawn(uniform)) {
      if (Date.now() > endsAt - lastFaultMs) return
      await instances.worked()
      say(name)
      fault = name
      counts.set(name, (counts.get(name) ?? 0) + 1)
      await faults[name]?.(scene)
      fault = ''
      const begun = performance.now()
      await instances.worked()
      const before = sampler.samples.length
      const isCaughtUp = () => sampler.samples.slice(before).some(({ lag }) => Number(lag) < littleLag)
      await until('the lag to be gone', isCaughtUp, catchUpMs)
      say(`it is over, and caught up with after ${Math.round((performance.now() - begun) / 1_000)} s`)
      await sleep(integer(uniform, quietMs.from, quietMs.to))
    }
  }

  async function watch(): Promise<void> {
    for (let count = 0; !watching.signal.aborted && !stopped.signal.aborted; count++) {
      const { seconds, working, instances: looks, engineMb, lag } = await sampler.take()
      if (count % samplesBetweenLines === 0) {
        const mb = (value: number | undefined) => (value === undefined ? '–' : `${Math.round(value)} MB`)
        const memory = `steady ${mb(looks.steady.rssMb)}, mortal ${mb(looks.mortal.rssMb)}, engine ${mb(engineMb)}`
        say(
          `minute ${Math.round(seconds / 60)} of ${minutes}: ${working ?? 'none'} works, ${memory}, ${lag ?? '?'} records behind`
        )
      }
      await sleep(sampleMs, undefined, { signal: watching.signal }).catch(() => {})
    }
  }
}
