import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sheet } from '../sheet.ts'
import { type CartwatchOptions, runCartwatch } from '../stream/cartwatch-run.ts'
import type { Topic } from '../stream/topic.ts'
import type { World } from '../stream/world.ts'
import { partNames } from './parts.ts'
import { type Profile, timeByPart } from './summary.ts'

/** Runs cartwatch over a topic and says where its time goes, by part: processor time of an event, and its share. */
export async function profileRun(world: World, topic: Topic, options: CartwatchOptions): Promise<Sheet> {
  const folder = await world.newFolder()
  const profiles = await mkdtemp(join(folder, 'profiles-'))
  const nodeArgs = ['--cpu-prof', '--cpu-prof-dir', profiles]
  const { cpuSeconds, events } = await runCartwatch(world, topic, folder, { ...options, nodeArgs })
  const times = await totalsOf(profiles)
  const used = cpuSeconds * 1e6
  const sampled = sumOf(times)
  times.set('other threads', Math.max(0, used - sampled))
  times.delete('starting')
  // Samples are of the clock: where others had the core meanwhile, they say more than was used.
  for (const [part, time] of times) times.set(part, time * Math.min(1, used / sampled))
  const all = sumOf(times)
  const row = (name: string, time: number) => [
    name,
    (time / events).toFixed(3),
    `${((time / all) * 100).toFixed(1)} %`
  ]
  return {
    head: ['part', 'µs an event', 'share'],
    rows: [...partNames.map(name => row(name, times.get(name) ?? 0)), row('all', all)]
  }
}

const sumOf = (times: ReadonlyMap<string, number>) => [...times.values()].reduce((sum, time) => sum + time, 0)

/** Of all threads together: each writes a profile of its own. */
async function totalsOf(folder: string): Promise<Map<string, number>> {
  const totals = new Map<string, number>()
  for (const name of await readdir(folder)) {
    const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile
    for (const [part, time] of timeByPart(profile)) totals.set(part, (totals.get(part) ?? 0) + time)
  }
  return totals
}
