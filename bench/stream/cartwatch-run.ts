import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../src/demo/broker/free-port.ts'
import { sumOf, until } from '../polling.ts'
import { type Run, startReading } from './run.ts'
import { compareStored, openAtEnd } from './stored.ts'
import type { Topic } from './topic.ts'
import type { World } from './world.ts'

export interface CartwatchRun extends Run {
  readonly windowsEqual: number
}

export interface CartwatchOptions {
  readonly cores?: number | undefined
  /** `kafka.readers`; the default where it is not given. */
  readonly readers?: number | undefined
  /** Those of the configuration; the default ones where they are not given. */
  readonly dimensions?: readonly string[] | undefined
  readonly nodeArgs?: readonly string[]
}

/**
 * cartwatch, in a fresh process, over all events of the topic. Rejects where a stored row differs from the recount, or
 * where more than the newest windows are missing.
 */
export async function runCartwatch(
  world: World,
  { topic, events, recount }: Topic,
  folder: string,
  { readers, dimensions, ...measured }: CartwatchOptions = {}
): Promise<CartwatchRun> {
  const port = await freePort()
  const pipeline = `bench-${port}-${Date.now()}`
  const own = join(folder, 'cartwatch')
  await mkdir(own)
  const config = join(own, 'cartwatch.yaml')
  const { bootstrap, engine } = world
  const kafka = { brokers: [bootstrap], topics: [topic], group: pipeline, start: 'earliest', readers }
  const segments = dimensions && { dimensions }
  await writeFile(config, configuration({ pipeline, kafka, segments, store: engine, http: { port } }))
  const { child, used } = startReading(['src/main.ts', 'run', '--config', config], events, own, measured)
  child.stdout?.resume()
  try {
    const metrics = `http://127.0.0.1:${port}/metrics`
    const eventsPerSecond = await Promise.race([
      rateUpTo(events, metrics),
      used.then(() => {
        throw new Error('cartwatch ended before it had read all events')
      })
    ])
    await until(
      async () => (await sumOf(metrics, 'cartwatch_windows_closed_total')) >= recount.size - openAtEnd
    )
    child.kill('SIGTERM')
    const run = { ...(await used), eventsPerSecond }
    return { ...run, windowsEqual: await compareStored(engine, pipeline, recount) }
  } finally {
    child.kill('SIGKILL')
  }
}

const configuration = (own: object) =>
  JSON.stringify({
    alerts: 'off',
    dead_letter: 'count',
    currency: 'USD',
    windows: { idle: '1s' },
    log: { level: 'error' },
    ...own
  })

/**
 * Events a second between the first answer with some events and the last without all of them: an answer that finds
 * the work done does not say since when. Resolves once all are read.
 */
async function rateUpTo(count: number, metrics: string): Promise<number> {
  const samples: { at: number; events: number }[] = []
  await until(async () => {
    const events = await sumOf(metrics, 'cartwatch_events_total')
    if (events > 0 && events < count) samples.push({ at: performance.now(), events })
    return events >= count
  })
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || first === last) throw new Error(`${count} events are too few to measure by`)
  return ((last.events - first.events) / (last.at - first.at)) * 1_000
}
