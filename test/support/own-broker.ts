import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type Broker, startBroker } from '../../src/demo/broker/broker.ts'

export interface OwnBroker extends Broker {
  /** The file that holds a partition's first records. */
  logFile(topic: string, partition: number): string
}

/** A broker for the suite that calls it, to be stopped, killed, or edited while it is stopped. */
export function useOwnBroker(): OwnBroker {
  let dir = ''
  let broker: Broker | undefined

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cartwatch-broker-'))
    broker = await startBroker({ dir })
  })
  afterAll(async () => {
    await broker?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const running = () => {
    if (broker === undefined) throw new Error('useOwnBroker() serves inside tests and hooks')
    return broker
  }
  return {
    get bootstrap() {
      return running().bootstrap
    },
    get addresses() {
      return running().addresses
    },
    get pid() {
      return running().pid
    },
    stop: () => running().stop(),
    kill: signal => running().kill(signal),
    restart: () => running().restart(),
    logFile: (topic, partition) => join(dir, 'records', `${topic}-${partition}`, `${'0'.repeat(20)}.log`)
  }
}
