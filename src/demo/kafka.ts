import { eventsOf } from '../../producer/events.ts'
import { openKafka } from '../../producer/kafka.ts'
import { paced } from '../../producer/pace.ts'
import { labelsOf, type Plan } from '../../producer/plan.ts'
import { buildLive, type Instance } from '../run/assembly/live.ts'
import type { Clock } from '../telemetry/clock.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import type { Logger } from '../telemetry/types.ts'
import { minuteMs } from '../time/units.ts'
import { findKafka } from './broker/find.ts'
import { javaAndMavenAnswer } from './broker/jars.ts'
import { demoConfig } from './config.ts'

export interface KafkaDemoOptions {
  readonly plan: Plan
  readonly folder: string
  readonly clock: Clock
  readonly log: Logger
  readonly say: (text: string) => void
}

const topic = 'cartwatch-demo'
const partitions = 4
/** Bound of the time until every window of the plan is stored. */
const readMs = 180_000

/**
 * Produces a plan into a real Kafka and lets a live instance read it. Its events are in the past, so there is one catch-up
 * summary; the rows are the same as without Kafka, up to where the events end.
 */
export async function playThroughKafka({ plan, folder, clock, log, say }: KafkaDemoOptions): Promise<void> {
  say('Looking for Kafka: KAFKA_BOOTSTRAP_SERVERS, Docker, or Java 17 with Maven …')
  const kafka = await findKafka(await javaAndMavenAnswer())
  if (kafka === undefined) {
    throw new Error('no Kafka found: set KAFKA_BOOTSTRAP_SERVERS, start Docker, or install Java 17 and Maven')
  }
  try {
    const name = `${topic}-${clock.now()}`
    const lines = await produce(plan, kafka.bootstrap, name, clock)
    say(`${lines.toLocaleString('en')} events written to topic ${name} at ${kafka.bootstrap}`)
    const loaded = demoConfig(
      'demo',
      folder,
      'decided alone',
      `kafka: { brokers: '${kafka.bootstrap}', topics: ['${name}'], group: '${name}', start: earliest }`
    )
    const instance = await buildLive({ loaded, clock, log, metrics: createMetrics({ ofProcess: false }) })
    const running = instance.run()
    await Promise.race([running, untilRead(instance, plan, clock)])
    await instance.stop()
    await running
    say(
      'A live instance has read, judged and stored them. They are in the past: no message is sent for them, and none is counted.'
    )
  } finally {
    await kafka.stop()
  }
}

async function produce(plan: Plan, bootstrap: string, name: string, clock: Clock): Promise<number> {
  const writer = await openKafka({ brokers: bootstrap.split(','), topic: name, partitions, force: false })
  let lines = 0
  await writer.write(paced(eventsOf(plan), { kind: 'unlimited' }, plan.startMs, clock), batch => {
    lines += batch.length
  })
  await writer.close()
  return lines
}

/** Resolves when every window up to the last label is stored. */
async function untilRead(instance: Instance, plan: Plan, clock: Clock): Promise<void> {
  const last = Math.max(...labelsOf(plan).map(({ endMs }) => endMs)) + minuteMs
  const deadline = clock.now() + readMs
  while (clock.now() < deadline) {
    const { work, waiting } = instance.state()
    if ((work?.closedUntil ?? 0) >= last && waiting === 0) return
    await clock.sleep(250)
  }
  throw new Error(`the pipeline did not read the topic within ${readMs / 1_000} s`)
}
