import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startBroker } from '../../src/demo/broker/broker.ts'
import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { openStore } from '../../src/store/open.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { clientOf, kafkaAt } from '../../test/support/kafka-client.ts'
import { rowsOf } from '../../test/support/pipeline.ts'
import type { OnTestFinished } from '../../test/support/program.ts'
import { openStoreGate } from '../../test/support/store-gate.ts'

const partitions = 12
export const pipeline = 'soak'
export const sizeMs = 5_000
export const graceMs = 3_000
export const sessionMs = 10_000
export const currency = 'USD'
export const ordersPerMinute = 150

const shopScript = fileURLToPath(new URL('shop.ts', import.meta.url))

/** A Kafka, a store and receivers, for one run; all that is started is ended by `onFinished`. */
export async function openWorld(onFinished: OnTestFinished) {
  const folder = await mkdtemp(join(tmpdir(), 'cartwatch-soak-'))
  onFinished(() => rm(folder, { recursive: true, force: true }))
  const broker = await startBroker({ dir: join(folder, 'kafka') })
  onFinished(broker.stop)
  const admin = clientOf(broker.bootstrap, { retry: { retries: 10 } }).admin()
  await admin.connect()
  onFinished(() => admin.disconnect())
  const kafka = kafkaAt(
    () => broker.bootstrap,
    () => admin
  )
  const topic = await kafka.createTopic({ partitions })
  const storeFolder = join(folder, 'store')
  const gate = await openStoreGate(storeFolder)
  onFinished(gate.close)
  const inbox = await openInbox({ clock: wallClock })
  onFinished(inbox.close)

  const config = {
    pipeline,
    currency,
    kafka: { brokers: broker.bootstrap, topics: [topic], group: topic, session_timeout: `${sessionMs}ms` },
    // Only the log closes windows: what the clock closes cannot be told from the log alone.
    windows: { size: `${sizeMs}ms`, grace: `${graceMs}ms`, idle: '1h', give_up: '2h' },
    store: { ...gate.section, timeout: '5s' },
    detectors: { baseline: { warm_up: '1m' } },
    receivers: {
      slack: { type: 'slack', webhook_url: inbox.slackUrl('slack'), send_resolved: true },
      pagerduty: { type: 'pagerduty', integration_key: inbox.pagerdutyKey, url: inbox.pagerdutyUrl }
    },
    routes: [
      { match: { severity: ['high', 'critical'] }, receiver: 'pagerduty', continue: true },
      { default: 'slack' }
    ],
    http: { port: 0 }
  }

  return {
    broker,
    kafka,
    topic,
    gate,
    inbox,
    config,
    async enginePid(): Promise<number | undefined> {
      const endpoint = await readFile(join(storeFolder, 'endpoint.json'), 'utf8').catch(() => '{}')
      return (JSON.parse(endpoint) as { readonly pid?: number }).pid
    },
    /** A shop's stream in a process of its own; `ended` rejects where that fails. */
    shop(seed: number, orders: number, minutes: number, hasIncidents: boolean) {
      const args = [shopScript, broker.bootstrap, topic, `${seed}`, `${orders}`, `${minutes}`]
      const child = spawn(process.execPath, hasIncidents ? [...args, 'incidents'] : args, {
        stdio: ['ignore', 'pipe', 'ignore']
      })
      onFinished(() => void child.kill('SIGKILL'))
      const ended = Promise.all([text(child.stdout), once(child, 'exit')]).then(([, [code, signal]]) => {
        if (code !== 0) throw new Error(`the shop ended with ${code ?? signal}`)
      })
      return { ended, stop: () => void child.kill('SIGTERM') }
    },
    /** The rows of a SELECT, by column. */
    async openRows() {
      const store = await openStore({ ...gate.section, folder, timeoutMs: 60_000 } as Parameters<
        typeof openStore
      >[0])
      onFinished(store.close)
      return <Row>(sql: string) => rowsOf<Row>(store, sql)
    }
  }
}
