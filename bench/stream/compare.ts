import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { runBare } from './bare-run.ts'
import { type CartwatchOptions, runCartwatch } from './cartwatch-run.ts'
import type { Comparison, Pair } from './comparison.ts'
import type { Topic } from './topic.ts'
import type { World } from './world.ts'

export interface CompareOptions extends CartwatchOptions {
  readonly name: string
  readonly pairs: number
  readonly bareOnly?: boolean
}

/** Runs the bare loop and cartwatch in turn over a topic. */
export async function compare(
  world: World,
  topic: Topic,
  { name, pairs: count, bareOnly = false, ...options }: CompareOptions
): Promise<Comparison> {
  const folder = await world.newFolder()
  const pairs: Pair[] = []
  for (let pair = 1; pair <= count; pair += 1) {
    const own = await mkdtemp(join(folder, 'pair-'))
    const bare = await runBare(world, topic, own, options.cores)
    if (bareOnly) {
      pairs.push({ bare, cartwatch: undefined })
      continue
    }
    const cartwatch = await runCartwatch(world, topic, own, options)
    const times = (cartwatch.eventsPerSecond / bare.eventsPerSecond).toFixed(2)
    console.error(
      `${name}, pair ${pair} of ${count}: ${times}; ${cartwatch.windowsEqual} stored windows equal the recount`
    )
    pairs.push({ bare, cartwatch })
  }
  return { name, pairs }
}
