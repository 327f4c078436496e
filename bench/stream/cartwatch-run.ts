import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sumOf, until } from '../polling.ts'
import { type ConfigurationOptions, configurationFor } from './configuration.ts'
import { type Run, startReading } from './run.ts'
import { compareStored, openAtEnd } from './stored.ts'
import type { Topic } from './topic.ts'
import type { World } from './world.ts'

export interface CartwatchRun extends Run {
  readonly windowsEqual: number
}

export interface CartwatchOptions extends ConfigurationOptions {
  readonly cores?: number | undefined
  readonly nodeArgs?: readonly string[]
}

/**
 * cartwatch, in a fresh process, over all events of the topic. Rejects where a stored row differs from the recount, or
 * where more than the newest windows are missing.
 */
export async function runCartwatch(
  world: World,
  topic: Topic,
  folder: string,
  { readers, dimensions, ...measured }: CartwatchOptions = {}
): Promise<CartwatchRun> {
  const own = join(folder, 'cartwatch')
  await mkdir(own)
  const { path, pipeline, port } = await configurationFor(world, topic, own, { readers, dimensions })
  const { events, recount } = topic
  const { child, used } = startReading(['src/cartwatch.js', 'run', '--config', path], events, own, measured)
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
    return { ...run, windowsEqual: await compareStored(world.engine, pipeline, recount) }
  } finally {
    child.kill('SIGKILL')
  }
}

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
