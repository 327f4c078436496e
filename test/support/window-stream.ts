import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Producer } from 'kafkajs'
import { clientOf } from './kafka-client.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from './shop-stream.ts'

export type ShopOptions = Omit<StreamOptions, 'outage'>

/** A shop that goes on selling, whatever happens to those who watch it. */
export interface WindowStream {
  /** Windows produced so far, the past included. */
  windows(): number
  events(): number
  /** Ends the stream with an event that closes every window before it; gives the end of the last of them. */
  end(): Promise<number>
  /** Produces no more, and leaves. */
  close(): Promise<void>
}

export interface WindowStreamOptions {
  readonly bootstrap: string
  readonly topic: string
  readonly shop: ShopOptions
  /** Windows that are there at once, so that what is usual is known. */
  readonly past: number
  /** Real time between two windows. */
  readonly everyMs: number
  /** Around a window: those in which nobody can pay. */
  readonly outageAt?: (window: number) => StreamOptions['outage']
}

/** Produces the past, then a window at a time, in the background; one that fails is produced again. */
export async function openWindowStream(options: WindowStreamOptions): Promise<WindowStream> {
  const { bootstrap, topic, shop, past, everyMs, outageAt } = options
  const producer = clientOf(bootstrap, {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 1, initialRetryTime: 100 }
  }).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  let windows = 0
  let events = 0
  let isOver = false

  const recordsAt = (window: number) => {
    const outage = outageAt?.(window)
    return windowOfShop({ ...shop, ...(outage && { outage }) }, window)
  }

  for (; windows < past; windows++) {
    const records = recordsAt(windows)
    await produce(producer, topic, records)
    events += records.length
  }

  async function goOn(): Promise<void> {
    while (!isOver) {
      const records = recordsAt(windows)
      try {
        await produce(producer, topic, records)
      } catch {
        // The broker is away: what it took of this window before is in the log twice then, as a producer's retries are.
        await sleep(everyMs)
        continue
      }
      windows++
      events += records.length
      await sleep(everyMs)
    }
  }
  const produced = goOn()

  async function close(): Promise<void> {
    isOver = true
    await produced
    await producer.disconnect()
  }

  return {
    windows: () => windows,
    events: () => events,
    async end() {
      isOver = true
      await produced
      const last = flushOfShop(shop, windows)
      await produce(producer, topic, last)
      events += last.length
      return shop.startMs + windows * shop.sizeMs
    },
    close
  }
}

async function produce(
  producer: Producer,
  topic: string,
  records: ReturnType<typeof windowOfShop>
): Promise<void> {
  const messages = records.map(({ timestamp, ...record }) => ({ ...record, timestamp: String(timestamp) }))
  await producer.send({ topic, messages, acks: -1 })
}
