import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { preload } from '../measure.ts'
import { type Run, startReading } from './run.ts'
import type { Topic } from './topic.ts'
import type { World } from './world.ts'

const script = fileURLToPath(new URL('../bare.ts', import.meta.url))

/** The bare loop, in a fresh process, over all events of the topic. */
export async function runBare(
  { bootstrap }: World,
  { topic, events, codec }: Topic,
  folder: string,
  cores: number | undefined
): Promise<Run> {
  const own = join(folder, 'bare')
  await mkdir(own)
  const args = [script, bootstrap, topic, `bare-${Date.now()}`, `${events}`]
  const nodeArgs = codec === 'none' ? [] : preload('codecs.ts')
  const { child, used } = startReading(args, events, own, { cores, nodeArgs })
  const output = child.stdout ? await text(child.stdout) : ''
  return { ...(await used), ...JSON.parse(output) }
}
