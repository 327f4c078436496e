import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sheet } from '../sheet.ts'
import { runCartwatch } from './cartwatch-run.ts'
import { medianOf } from './comparison.ts'
import type { Run } from './run.ts'
import { fieldOf } from './shop-events.ts'
import { writeTopic } from './topic.ts'
import type { World } from './world.ts'

export interface DimensionsOptions {
  readonly events: number
  readonly pairs: number
  /** How many dimensions, of a hundred values each. */
  readonly counts: readonly number[]
  readonly cores?: number | undefined
}

/** What an event costs by the number of dimensions; the events are the same, and all have all the fields. */
export async function measureDimensions(world: World, options: DimensionsOptions): Promise<Sheet> {
  const { events, pairs, counts, cores } = options
  const topic = await writeTopic(world, { events, codec: 'none', fields: Math.max(...counts) })
  const folder = await world.newFolder()
  const runs = new Map<number, Run[]>(counts.map(count => [count, []]))
  for (let round = 1; round <= pairs; round += 1) {
    for (const [count, ofCount] of runs) {
      const own = await mkdtemp(join(folder, 'dimensions-'))
      const dimensions = Array.from({ length: count }, (_, index) => fieldOf(index + 1))
      ofCount.push(await runCartwatch(world, topic, own, { cores, dimensions }))
    }
    console.error(`dimensions, round ${round} of ${pairs}`)
  }
  return {
    head: [
      'dimensions of 100 values',
      'events/s',
      'CPU µs/event from the first record on',
      'peak memory, MB'
    ],
    rows: [...runs].map(([count, ofCount]) => [
      `${count}`,
      medianOf(
        ofCount.map(run => run.eventsPerSecond),
        0
      ),
      medianOf(
        ofCount.map(run => run.cpuPerEvent),
        2
      ),
      medianOf(
        ofCount.map(run => run.peakBytes / 1e6),
        0
      )
    ])
  }
}
