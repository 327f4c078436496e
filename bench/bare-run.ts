import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Run, startMeasured } from './measure.ts'

const script = fileURLToPath(new URL('bare.ts', import.meta.url))

/** The bare loop, in a fresh process, over the first `count` events of the topic. */
export async function runBare(bootstrap: string, topic: string, count: number, folder: string): Promise<Run> {
  const { child, usage } = startMeasured([script, bootstrap, topic, `bare-${Date.now()}`, `${count}`], folder)
  const output = child.stdout ? await text(child.stdout) : ''
  return { ...(await usage), ...JSON.parse(output) }
}
