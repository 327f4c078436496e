import { join } from 'node:path'
import { median } from 'simple-statistics'
import type { Sheet } from '../sheet.ts'
import { medianOf } from '../stream/comparison.ts'
import { configurationFor } from '../stream/configuration.ts'
import { writeTopic } from '../stream/topic.ts'
import type { World } from '../stream/world.ts'
import { type Started, startToEnd, startToFirstRecord } from './started.ts'

export interface StartOptions {
  readonly rounds: number
  readonly cores?: number | undefined
}

const nothing = 'node -e 0'

/** Each command once a round, so that what else the machine does hits all of them. */
export async function measureStart(world: World, { rounds, cores }: StartOptions): Promise<Sheet> {
  const topic = await writeTopic(world, { events: 2_000, codec: 'none' })
  const folder = await world.newFolder()
  let run = 0
  const commands: Readonly<Record<string, () => Promise<Started>>> = {
    [nothing]: () => startToEnd(['-e', '0'], folder, cores),
    'cartwatch --help': () => startToEnd(['src/cartwatch.js', '--help'], folder, cores),
    'cartwatch check-config': () =>
      startToEnd(['src/cartwatch.js', 'check-config', 'cartwatch.yaml'], folder, cores),
    'bare loop, to the first record': () =>
      startToFirstRecord(
        ['bench/bare.ts', world.bootstrap, topic.topic, `bare-${Date.now()}`, `${topic.events}`],
        join(folder, `bare-${run}.json`),
        cores
      ),
    'cartwatch run, to the first record': async () => {
      const { path } = await configurationFor(world, topic, await world.newFolder(), {})
      return startToFirstRecord(
        ['src/cartwatch.js', 'run', '--config', path],
        join(folder, `run-${run}.json`),
        cores
      )
    }
  }
  const measured = new Map<string, Started[]>(Object.keys(commands).map(name => [name, []]))
  // The first round fills the caches of the compiler.
  for (; run <= rounds; run += 1) {
    for (const [name, start] of Object.entries(commands)) {
      const started = await start()
      if (run > 0) measured.get(name)?.push(started)
    }
  }
  const least = median((measured.get(nothing) ?? []).map(({ ms }) => ms))
  return {
    head: ['', 'ms', 'CPU ms', `times ${nothing}`],
    rows: [...measured].map(([name, all]) => [
      name,
      medianOf(
        all.map(({ ms }) => ms),
        0
      ),
      medianOf(
        all.map(({ cpuMs }) => cpuMs),
        0
      ),
      (median(all.map(({ ms }) => ms)) / least).toFixed(1)
    ])
  }
}
