import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../src/demo/broker/free-port.ts'
import type { Topic } from './topic.ts'
import type { World } from './world.ts'

export interface ConfigurationOptions {
  /** `kafka.readers`; the default where it is not given. */
  readonly readers?: number | undefined
  /** `segments.dimensions`; the default ones where they are not given. */
  readonly dimensions?: readonly string[] | undefined
}

export interface Configuration {
  readonly path: string
  /** No other run has it: its group and its rows are its own. */
  readonly pipeline: string
  readonly port: number
}

/** Writes the configuration of a run that reads the whole topic and tells nobody. */
export async function configurationFor(
  { bootstrap, engine }: World,
  { topic }: Topic,
  folder: string,
  { readers, dimensions }: ConfigurationOptions
): Promise<Configuration> {
  const port = await freePort()
  const pipeline = `bench-${port}-${Date.now()}`
  const path = join(folder, 'cartwatch.yaml')
  const config = {
    pipeline,
    alerts: 'off',
    dead_letter: 'count',
    currency: 'USD',
    kafka: { brokers: [bootstrap], topics: [topic], group: pipeline, start: 'earliest', readers },
    segments: dimensions && { dimensions },
    windows: { idle: '1s' },
    store: engine,
    http: { port },
    log: { level: 'error' }
  }
  await writeFile(path, JSON.stringify(config))
  return { path, pipeline, port }
}
