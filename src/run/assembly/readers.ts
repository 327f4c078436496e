import { availableParallelism } from 'node:os'
import { resolveLayout } from '../../config/events.ts'
import type { Config } from '../../config/schema.ts'
import type { ShopCurrency } from '../../decode/currency/shop-currency.ts'
import { trustAheadMs } from '../../ingest/ingest-record.ts'
import { createShopMetrics } from '../../metrics/create.ts'
import type { ReadersWanted } from '../../source/kafka/client.ts'
import { startReaderThread } from '../../source/kafka/readers/reader.ts'
import type { InstanceMetrics } from '../../telemetry/metrics.ts'

/** With `auto`, no more than these. */
const mostOfAuto = 4

/** Threads that read; undefined where the main thread does. */
export function readersOf(
  config: Config,
  shop: ShopCurrency,
  metrics: InstanceMetrics
): ReadersWanted | undefined {
  const { kafka, events } = config
  // One core is for the main thread.
  const automatic = Math.min(mostOfAuto, Math.max(1, availableParallelism() - 1))
  const number = kafka.readers === 'auto' ? automatic : kafka.readers
  if (number < 2) return undefined
  const { extraFields, readFields } = createShopMetrics(config)
  const layoutOf = (topic: string) => resolveLayout(kafka.layouts.get(topic) ?? {}, events.layout)
  return {
    number,
    startThread: startReaderThread,
    decoding: {
      layouts: new Map(kafka.topics.map(topic => [topic, layoutOf(topic)])),
      maxBytes: events.maxBytes,
      ...{ extraFields, fields: readFields, trustAheadMs }
    },
    currency: () =>
      shop.isKnown() ? { currency: shop.code(), knownCurrencies: new Set(shop.rates.keys()) } : undefined,
    onCount: metrics.setReaders,
    onRestart: metrics.addReaderRestart
  }
}
