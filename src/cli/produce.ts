import { setTimeout as sleep } from 'node:timers/promises'
import cliProgress from 'cli-progress'
import { Command, Option } from 'commander'
import { ProducerError } from '../../producer/errors.ts'
import { eventsOf } from '../../producer/events.ts'
import { writeLabels, writeRecords } from '../../producer/file.ts'
import { openKafka } from '../../producer/kafka.ts'
import { layouts } from '../../producer/layouts/layout.ts'
import { type PaceClock, paced } from '../../producer/pace.ts'
import { labelsOf, type Plan, scenarios } from '../../producer/plan.ts'
import type { ShopRecord } from '../../producer/record.ts'
import { segmentKinds, segmentsOf } from '../../producer/segment.ts'
import type { ProducerAccess } from '../run/assembly/producing.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import * as options from './produce-options.ts'

const examples = `
Examples:
  cartwatch produce --scenario payment_outage --seed 7 --start 2026-01-05T08:00:00Z --to events.ndjson.gz --labels labels.json
  cartwatch produce --scenario demo --seed 3 --to kafka --topic shop-events --speed 60x
  cartwatch produce --scenario steady --duration 30d --to kafka --speed 1x
  cartwatch produce --scenario flash_sale --to - | cartwatch replay -
  cartwatch produce --scenario method_outage --segment payment_method=paypal --depth 100% --to events.ndjson
  cartwatch produce --scenario price_bug --layout segment --to events.ndjson

Segments:
${segmentKinds.map(kind => `  ${kind.padEnd(16)} ${segmentsOf(kind).join(', ')}`).join('\n')}

The same seed and start give the same bytes. Exit codes: 0 all written, 1 failed or refused.`

/** How the brokers are reached by a configuration file, or by the one that is there. */
export type AccessOf = (configFile: string | undefined) => ProducerAccess

/** `cartwatch produce`: a seeded shop's events to a file, standard output or Kafka. */
export function produceCommand(access: AccessOf, clock: Pick<Clock, 'now'> = wallClock): Command {
  return new Command('produce')
    .description('produce the events of a simulated shop, with a known incident')
    .addOption(
      new Option('--scenario <name>', 'the incident that the stream contains')
        .choices(scenarios)
        .default('steady')
    )
    .option(
      '--seed <number>',
      'the seed that determines the shop, its visitors and the incident',
      options.parseSeed,
      1
    )
    .option(
      '--start <time>',
      'first event time (default: the stream ends now, or with --speed 1x begins now)',
      options.parseStart
    )
    .option('--duration <span>', 'length of the stream in event time (default: 6h)', options.parseSpan)
    .option(
      '--orders-per-minute <number>',
      `average over a week (default: ${options.defaults.ordersPerMinute})`,
      options.parsePositive
    )
    .option(
      '--incident-after <span>',
      'time from the start to the incident (default: random)',
      options.parseSpan
    )
    .option(
      '--incident-length <span>',
      'length of the incident (default: random, 15 to 30 minutes; slow_leak 3h)',
      options.parseSpan
    )
    .option(
      '--depth <share>',
      'depth of the incident (default: random, 60% to 100%; duplicate_flood and late_burst 20% to 60%, slow_leak 40%)',
      options.parseDepth
    )
    .option(
      '--segment <dimension=value>',
      'the segment that the incident hits, see below (default: random, with at least a tenth of the shop)'
    )
    .option(
      '--timezone-offset <offset>',
      "timezone of the shop's daily curve, such as +02:00 (default: UTC)",
      options.parseOffset
    )
    .addOption(new Option('--layout <name>', 'the layout of the records').choices(layouts).default('native'))
    .option('--to <target>', 'a file (.gz compresses), - for standard output, or kafka', '-')
    .option('--topic <name>', 'the Kafka topic', options.parseTopic, 'shop-events')
    .option('--config <file>', 'the configuration file that names the brokers (default: cartwatch.yaml)')
    .option('--brokers <list>', 'brokers instead of the configured ones, comma-separated')
    .option('--partitions <number>', 'partitions of the topic if it is created', options.parseCount, 4)
    .option('--force', 'add to a topic that already has records', false)
    .option(
      '--speed <factor>',
      'event time per real time, such as 60x (default: as fast as possible)',
      options.parseSpeed
    )
    .option('--rate <number>', 'events a second', options.parsePositive)
    .option('--labels <file>', 'write the incidents to this file: kind, start, end, depth, segment')
    .addHelpText('after', examples)
    .action(async (given: options.ProduceOptions, command: Command) => {
      const planned = options.planOf(given, clock.now())
      if (planned.kind === 'refused') return command.error(`cartwatch produce: ${planned.message}`)
      try {
        await produce(given, planned, access, clock)
      } catch (error) {
        if (isClosedPipe(error)) return
        if (!isExpected(error)) throw error
        command.error(`cartwatch produce: ${error.message}`)
      }
    })
}

async function produce(
  given: options.ProduceOptions,
  { plan, pace }: Extract<options.Planned, { kind: 'plan' }>,
  access: AccessOf,
  clock: Pick<Clock, 'now'>
): Promise<void> {
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const bar = progressBar(plan)
  const batches = () =>
    paced(eventsOf(plan, given.layout), pace, plan.startMs, paceClock(clock, stop.signal), stop.signal)
  try {
    if (given.to === 'kafka') {
      const configured = access(given.config)
      const brokers = given.brokers?.split(',').map(broker => broker.trim()) ?? configured.brokers
      const writer = await openKafka({ ...given, ...configured, brokers })
      try {
        await writer.write(batches(), bar.add)
      } finally {
        await writer.close()
      }
    } else {
      await writeRecords(batches(), given.to, bar.add)
    }
    if (given.labels) await writeLabels(labelsOf(plan), given.labels)
  } finally {
    bar.stop()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
  process.stderr.write(
    `${stop.signal.aborted ? 'stopped early: ' : ''}${summary(given, plan, bar.events())}\n`
  )
}

/** Its sleep ends at the signal, and unlike the clock's keeps the process alive. */
function paceClock(clock: Pick<Clock, 'now'>, signal: AbortSignal): PaceClock {
  return {
    now: clock.now,
    sleep: ms => sleep(ms, undefined, { signal }).catch(() => undefined)
  }
}

function progressBar(plan: Plan) {
  const bar = new cliProgress.SingleBar(
    {
      format: '{bar} {percentage}% | {events} events | {time}',
      stream: process.stderr,
      clearOnComplete: true
    },
    cliProgress.Presets.shades_classic
  )
  const shown = process.stderr.isTTY === true
  let events = 0
  if (shown) bar.start(plan.endMs - plan.startMs, 0, { events, time: isoSecond(plan.startMs) })
  return {
    events: () => events,
    add(batch: readonly ShopRecord[]) {
      events += batch.length
      const last = batch.at(-1)
      if (shown && last)
        bar.update(last.arrivalMs - plan.startMs, { events, time: isoSecond(last.eventTime) })
    },
    stop() {
      if (shown) bar.stop()
    }
  }
}

function summary(given: options.ProduceOptions, plan: Plan, events: number): string {
  const target =
    given.to === 'kafka' ? `topic ${given.topic}` : given.to === '-' ? 'standard output' : given.to
  const lines = [`${events} events from ${isoSecond(plan.startMs)} to ${isoSecond(plan.endMs)} to ${target}`]
  for (const { kind, startMs, endMs, depth, segment } of plan.incidents) {
    const what = segment === undefined ? kind : `${kind} ${segment}`
    lines.push(`  ${what} ${isoSecond(startMs)} to ${isoSecond(endMs)}, ${Math.round(depth * 100)}% deep`)
  }
  return lines.join('\n')
}

function isoSecond(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000', '')
}

/** The reader of our output, such as `head`, has closed it. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}

/** Kafka's refusals and the file system's. */
function isExpected(error: unknown): error is Error {
  return error instanceof ProducerError || (error instanceof Error && 'code' in error && 'syscall' in error)
}
