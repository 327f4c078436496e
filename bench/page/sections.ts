import { measureHeld } from '../close/held.ts'
import { heldSheet } from '../close/held-sheet.ts'
import { measureLimits } from '../limits/measure-limits.ts'
import { profileRun } from '../profile/profile.ts'
import type { Sheet } from '../sheet.ts'
import { measureStart } from '../start/measure-start.ts'
import { compare } from '../stream/compare.ts'
import { type Comparison, comparisonSheet } from '../stream/comparison.ts'
import { measureDimensions } from '../stream/dimensions.ts'
import { type Codec, codecs, writeTopic } from '../stream/topic.ts'
import type { World } from '../stream/world.ts'

interface SectionOptions {
  readonly events: number
  readonly pairs: number
  /** Numbers of readers to compare; the default of the configuration where there are none. */
  readonly readers: readonly number[]
}

type Measure = (world: World, options: SectionOptions) => Promise<Sheet>

/** The tables of the page, by the name of their place in it. */
export const sections: Readonly<Record<string, Measure>> = {
  async stream(world, { events, pairs, readers }) {
    const topic = await writeTopic(world, { events, codec: 'none' })
    const comparisons = [await compare(world, topic, { name: 'one core', pairs, cores: 1 })]
    for (const count of readers)
      comparisons.push(
        await compare(world, topic, { name: `two cores, readers: ${count}`, pairs, cores: 2, readers: count })
      )
    return comparisonSheet(comparisons)
  },
  async codecs(world, { events, pairs }) {
    const comparisons: Comparison[] = []
    const compressed: readonly Codec[] = codecs.filter(codec => codec !== 'none')
    for (const codec of compressed) {
      const topic = await writeTopic(world, { events, codec })
      comparisons.push(await compare(world, topic, { name: codec, pairs }))
    }
    return comparisonSheet(comparisons)
  },
  dimensions: (world, { events, pairs }) =>
    measureDimensions(world, { events, pairs, counts: [1, 2, 3, 4, 5] }),
  async profile(world, { events }) {
    const topic = await writeTopic(world, { events, codec: 'none' })
    return profileRun(world, topic, {})
  },
  async close() {
    const shop = { fields: 5, values: 400, eventsPerMinute: 20_000 }
    return heldSheet(await measureHeld({ ...shop, warmup: 60, windows: 100 }))
  },
  start: world => measureStart(world, { rounds: 9 }),
  limits: () => measureLimits()
}
