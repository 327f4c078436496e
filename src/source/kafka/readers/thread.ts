import { parentPort, workerData } from 'node:worker_threads'
import { wallClock } from '../../../telemetry/clock.ts'
import { messageOf } from '../../../telemetry/message.ts'
import { steadyClock } from '../../../telemetry/steady-clock.ts'
import type { Logger } from '../../../telemetry/types.ts'
import { createTemporaryReader, metadataAgeMs, restarting } from '../reading-client.ts'
import type { FromReader, ReaderSettings, ToReader } from './protocol.ts'
import { createReading } from './reading.ts'

// The thread of a reader: it ends where KafkaJS gives up, and is started again.

if (parentPort === null) throw new Error('a reader runs as a thread of cartwatch run')
const port = parentPort
const settings = workerData as ReaderSettings
const clock = steadyClock({ wall: wallClock, onStep: () => {} })

const send = (message: FromReader, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

const logAt = (level: keyof Logger) => (fields: Readonly<Record<string, unknown>>, message: string) =>
  send({ kind: 'log', level, fields: plain(fields), message })
const log: Logger = {
  debug: logAt('debug'),
  info: logAt('info'),
  warn: logAt('warn'),
  error: logAt('error')
}

/** What can be sent: no functions, and errors as their texts. */
const plain = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(fields, (_key, value) => (value instanceof Error ? messageOf(value) : value)))

let isStopped = false
const options = { ...settings, clock, log }
const { consumer, schemas, slowness, disconnect } = createTemporaryReader(options, 'reader', {
  metadataMaxAge: metadataAgeMs,
  retry: restarting(clock, () => isStopped)
})
const reading = createReading({
  ...{ consumer, schemas, slowness, clock, log, send },
  decoding: settings.decoding
})

port.on('message', (message: ToReader) => {
  if (message.kind === 'stop') void stop()
  else reading.take(message)
})

async function stop(): Promise<void> {
  isStopped = true
  await disconnect()
  port.close()
}

consumer.on(consumer.events.CRASH, ({ payload }) => {
  if (!payload.restart && !isStopped) setImmediate(() => fail(payload.error))
})

function fail(error: Error): never {
  throw error
}

await consumer.connect()
await reading.run(settings.topics)
