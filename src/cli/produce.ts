import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProducerError } from '../../producer/errors.ts'
import { eventsOf } from '../../producer/events.ts'
import { writeRecords } from '../../producer/file.ts'
import type { GpuPlan } from '../../producer/gpu/plan.ts'
import { usageOf } from '../../producer/gpu/usage.ts'
import { openKafka } from '../../producer/kafka.ts'
import { createLabelFile } from '../../producer/labels.ts'
import { type PaceClock, paced } from '../../producer/pace.ts'
import { labelsOf, type Plan } from '../../producer/plan.ts'
import type { ShopRecord } from '../../producer/record.ts'
import { segmentKinds, segmentsOf } from '../../producer/segment.ts'
import type { ProducerAccess } from '../run/assembly/producing.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { type ProduceOptions, produceLine } from './produce-options.ts'
import { isOfGpus, type Planned, planOf } from './produce-plan.ts'
import { terminalBar } from './progress.ts'
import { isClosedPipe } from './with-store.ts'

const examples = `
Examples:
  cartwatch produce --scenario payment_outage --seed 7 --start 2026-01-05T08:00:00Z --to events.ndjson.gz --labels labels.json
  cartwatch produce --scenario demo --seed 3 --to kafka --topic shop-events --speed 60x
  cartwatch produce --scenario steady --duration 30d --to kafka --speed 1x
  cartwatch produce --scenario flash_sale --to - | cartwatch replay -
  cartwatch produce --scenario method_outage --segment payment_method=paypal --depth 100% --to events.ndjson
  cartwatch produce --scenario price_bug --layout segment --to events.ndjson
  cartwatch produce --scenario gpu_burn --seed 3 --duration 30d --to gpu-usage.ndjson
  cartwatch produce --layout shopify --currency EUR --speed 1x --to kafka --topic orders

Segments:
${segmentKinds.map(kind => `  ${kind.padEnd(16)} ${segmentsOf(kind).join(', ')}`).join('\n')}

The same seed and start give the same bytes. Exit codes: 0 all written, 1 failed or refused.`

/** How the brokers are reached by a configuration file, or by the one that is there. */
export type AccessOf = (configFile: string | undefined) => ProducerAccess

/** `cartwatch produce`: a seeded shop's events, or usage reports of GPUs, to a file, standard output or Kafka. */
export function produceCommand(access: AccessOf, clock: Pick<Clock, 'now'> = wallClock) {
  return produceLine()
    .addHelpText('after', examples)
    .action(async (given, command) => {
      const planned = planOf(given, clock.now())
      if (planned.kind === 'refused') return command.error(`cartwatch produce: ${planned.message}`)
      const there = given.force ? undefined : fileThere([given.to, given.labels])
      if (there !== undefined)
        return command.error(`cartwatch produce: ${there} exists: --force overwrites it`)
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
  given: ProduceOptions,
  { plan, pace }: Extract<Planned, { kind: 'plan' }>,
  access: AccessOf,
  clock: Pick<Clock, 'now'>
): Promise<void> {
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const bar = progressBar(plan)
  const labels = given.labels === undefined ? undefined : createLabelFile(labelsOf(plan), given.labels)
  let reachedMs = plan.startMs
  const onProgress = (batch: readonly ShopRecord[]) => {
    bar.add(batch)
    reachedMs = batch.at(-1)?.arrivalMs ?? reachedMs
    labels?.reached(reachedMs)
  }
  const batches = () =>
    paced(recordsOf(plan, given.layout), pace, plan.startMs, paceClock(clock, stop.signal), stop.signal)
  try {
    if (given.to === 'kafka') {
      const configured = access(given.config)
      const brokers = given.brokers?.split(',').map(broker => broker.trim()) ?? configured.brokers
      const writer = await openKafka({ ...given, ...configured, brokers, topic: topicOf(given) })
      try {
        await writer.write(batches(), onProgress)
      } finally {
        await writer.close()
      }
    } else {
      await writeRecords(batches(), given.to, onProgress)
    }
  } finally {
    labels?.ended(stop.signal.aborted ? reachedMs : plan.endMs)
    bar.stop()
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
  process.stderr.write(
    `${stop.signal.aborted ? 'stopped early: ' : ''}${summary(given, plan, bar.events())}\n`
  )
}

const recordsOf = (plan: Plan | GpuPlan, layout: ProduceOptions['layout']): Iterable<ShopRecord> =>
  'shop' in plan ? eventsOf(plan, layout) : usageOf(plan)

const topicOf = ({ topic, scenario }: ProduceOptions): string =>
  topic ?? (isOfGpus(scenario) ? 'gpu-usage' : 'shop-events')

/** A file that would be overwritten; a device or a pipe is none. */
const fileThere = (paths: readonly (string | undefined)[]): string | undefined =>
  paths.find(path => {
    const isPath = path !== undefined && path !== '-' && path !== 'kafka'
    return isPath && statSync(path, { throwIfNoEntry: false })?.isFile()
  })

/** Its sleep ends at the signal, and unlike the clock's keeps the process alive. */
function paceClock(clock: Pick<Clock, 'now'>, signal: AbortSignal): PaceClock {
  return {
    now: clock.now,
    sleep: ms => sleep(ms, undefined, { signal }).catch(() => undefined)
  }
}

function progressBar(plan: Plan | GpuPlan) {
  const bar = terminalBar('{bar} {percentage}% | {events} events | {time}')
  let events = 0
  bar?.start(plan.endMs - plan.startMs, 0, { events, time: isoSecond(plan.startMs) })
  return {
    events: () => events,
    add(batch: readonly ShopRecord[]) {
      events += batch.length
      const last = batch.at(-1)
      if (last) bar?.update(last.arrivalMs - plan.startMs, { events, time: isoSecond(last.eventTime) })
    },
    stop: () => bar?.stop()
  }
}

function summary(given: ProduceOptions, plan: Plan | GpuPlan, events: number): string {
  const target =
    given.to === 'kafka' ? `topic ${topicOf(given)}` : given.to === '-' ? 'standard output' : given.to
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

/** Kafka's refusals and the file system's. */
function isExpected(error: unknown): error is Error {
  return error instanceof ProducerError || (error instanceof Error && 'code' in error && 'syscall' in error)
}
