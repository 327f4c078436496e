import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker } from '../../src/demo/broker/broker.ts'
import type { Endpoint } from '../../src/store/embedded/endpoint.ts'
import { openEmbedded } from '../../src/store/embedded/open.ts'

/** What measured processes read from and write to. */
export interface World {
  readonly bootstrap: string
  readonly engine: Endpoint
  /** A folder that ends with the world. */
  newFolder(): Promise<string>
}

/** Uses the Kafka of KAFKA_BOOTSTRAP_SERVERS, or starts one, and ClickHouse's embedded engine as a server. */
export async function inWorld<Value>(use: (world: World) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'cartwatch-bench-'))
  const { KAFKA_BOOTSTRAP_SERVERS: given } = process.env
  const broker = given ? undefined : await startBroker({ dir: join(folder, 'kafka') })
  const engine = await openEmbedded(join(folder, 'store'))
  try {
    const bootstrap = given ?? broker?.bootstrap ?? ''
    return await use({ bootstrap, engine, newFolder: () => mkdtemp(join(folder, 'run-')) })
  } finally {
    await engine.close()
    await broker?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
