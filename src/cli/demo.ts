import { rm } from 'node:fs/promises'
import { Command } from '@commander-js/extra-typings'
import cliProgress from 'cli-progress'
import { labelsOf, type Plan } from '../../producer/plan.ts'
import { renderMessage } from '../demo/inbox/render.ts'
import { leftIn, openPaced } from '../demo/paced.ts'
import { countPerCause, perCauseLine } from '../demo/per-cause.ts'
import { playSeeds } from '../demo/seeds.ts'
import { recentPlan } from '../demo/stream.ts'
import { episodeTable, perCauseTable, scoreRows, scoreTable, timeOfDay, verdictLine } from '../demo/tables.ts'
import { withoutLoopback } from '../net/proxies.ts'
import { isServed } from '../store/embedded/open.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import { minuteMs } from '../time/units.ts'
import { overview } from './overview.ts'
import { parser, wholeNumber } from './parse.ts'
import { terminalBar } from './progress.ts'

const examples = `
Examples:
  cartwatch demo                    five incidents and a flash sale, in about half a minute
  cartwatch demo --seed 7           other incidents
  cartwatch demo --seeds 1-20       twenty of them without pacing, and one table
  cartwatch demo --kafka            through a real Kafka: KAFKA_BOOTSTRAP_SERVERS, Docker, or Java 17 and Maven

No Docker, no account: the store is the embedded engine in data/demo, the receivers are local.
Its page is open while it plays, and afterwards until Ctrl-C where it runs in a terminal.
Afterwards: cartwatch anomalies --store data/demo`

const folder = 'data/demo'

export interface DemoDeps {
  readonly clock: Clock
  readonly log: Logger
}

export function demoCommand({ clock, log }: DemoDeps) {
  return new Command('demo')
    .description(overview.demo.summary)
    .option('--seed <number>', 'the seed that determines the incidents', parseWhole, 1)
    .option('--seeds <from-to>', 'play these seeds without pacing and print one table', parseRange)
    .option('--seconds <number>', 'how long the demo takes', parseWhole, 25)
    .option('--kafka', 'through a real Kafka')
    .addHelpText('after', examples)
    .action(async options => {
      // Its receivers are on this machine.
      process.env['no_proxy'] = withoutLoopback(process.env)
      if (await isServed(folder)) throw new Error(`another demo is using ${folder}: wait until it ends`)
      await rm(folder, { recursive: true, force: true })
      if (options.seeds !== undefined) return manySeeds(options.seeds)
      const plan = recentPlan(options.seed, clock.now())
      process.stdout.write(introduction(plan, options.seed))
      if (options.kafka) {
        // Brings what only a checkout with its development dependencies has.
        const { playThroughKafka } = await import('../demo/kafka.ts')
        await playThroughKafka({ plan, folder, clock, log, say: text => process.stdout.write(`${text}\n`) })
        return writeResults(plan)
      }
      await paced(plan, options.seconds * 1_000)
    })

  async function paced(plan: Plan, wallMs: number): Promise<void> {
    const screen = createScreen(plan)
    const demo = await openPaced({
      plan,
      pipeline: 'demo',
      folder,
      paceMs: (wallMs * minuteMs) / (plan.endMs - plan.startMs),
      clock,
      log,
      onMessage: message => screen.say(renderMessage(message)),
      onMinute: screen.minute
    })
    try {
      screen.say(`The page: ${demo.address}\n`)
      await demo.play()
      screen.end()
      const { messages } = demo.inbox
      const refused = messages.filter(({ accepted }) => !accepted).length
      process.stdout.write(
        `${messages.length} messages were sent to the local Slack and PagerDuty; ${refused} were refused\n`
      )
      await writeResults(plan)
      if (!staysOpen()) return
      process.stdout.write(`\nThe page of this afternoon: ${demo.address} (Ctrl-C ends it)\n`)
      await interrupted()
    } finally {
      screen.end()
      await demo.close()
    }
  }

  async function manySeeds(seeds: readonly number[]): Promise<void> {
    const bar = terminalBar('seeds {bar} {value}/{total}, {eta_formatted} left')
    bar?.start(seeds.length, 0)
    const table = await playSeeds({ seeds, folder, clock, log, onSeed: done => bar?.update(done) })
    bar?.stop()
    process.stdout.write(table)
  }
}

/** What the demo left in its store, as tables. */
async function writeResults(plan: Plan): Promise<void> {
  const { rows, incidents, notifications } = (await leftIn(folder))('demo')
  const score = scoreRows(rows, labelsOf(plan))
  const causes = countPerCause(labelsOf(plan), incidents, notifications)
  const width = process.stdout.columns ?? 150
  process.stdout.write(
    `\n${rows.length} rows in realtime.anomalies, by kind and run:\n${episodeTable(rows, width)}`
  )
  process.stdout.write(`\n${scoreTable(score, width)}${verdictLine(score)}\n`)
  process.stdout.write(`\n${perCauseTable(causes, width)}${perCauseLine(causes)}\n`)
}

/** Where somebody sits before it: a pipe and CI want an end. */
const staysOpen = (): boolean => process.stdout.isTTY && !process.env['CI']

const interrupted = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

function introduction({ startMs, endMs, incidents, shop }: Plan, seed: number): string {
  const kinds = incidents.map(({ kind, startMs: at }) => `${timeOfDay(at)} ${kind}`).join(', ')
  return (
    `A shop with about 20 orders a minute at this time of day (${shop.ordersPerMinute} averaged over a week), from ${timeOfDay(startMs)} to ${timeOfDay(endMs)} UTC in event time, seed ${seed}.\n` +
    `An hour of warm-up, then: ${kinds} (flash_sale: nothing is wrong).\n\n`
  )
}

interface Screen {
  say(text: string): void
  minute(eventTime: number, lines: number): void
  end(): void
}

/** Messages above a bar on a terminal; elsewhere a line for each hour of event time. */
function createScreen({ startMs, endMs }: Plan): Screen {
  if (!process.stdout.isTTY) {
    return {
      say: text => process.stdout.write(`${text}\n`),
      minute(eventTime, lines) {
        if (eventTime % (60 * minuteMs) !== 0) return
        const share = Math.round((100 * (eventTime - startMs)) / (endMs - startMs))
        process.stdout.write(
          `-- ${timeOfDay(eventTime)} UTC in event time, ${lines.toLocaleString('en')} events, ${share} %\n`
        )
      },
      end: () => {}
    }
  }
  const bars = new cliProgress.MultiBar({
    format: '{time} UTC {bar} {percentage} % {events} events',
    clearOnComplete: true,
    forceRedraw: true
  })
  const bar = bars.create(endMs - startMs, 0, { time: timeOfDay(startMs), events: '0' })
  return {
    say: text => bars.log(`${text}\n`),
    minute: (eventTime, lines) =>
      bar.update(eventTime - startMs, { time: timeOfDay(eventTime), events: lines.toLocaleString('en') }),
    end: () => bars.stop()
  }
}

const parseWhole = wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number')

const parseRange = parser('seeds such as 1-20, at most 1,000', text => {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const count = Number(to) - Number(from) + 1
  if (!(count >= 1 && count <= 1_000)) return undefined
  return Array.from({ length: count }, (_, index) => Number(from) + index)
})
