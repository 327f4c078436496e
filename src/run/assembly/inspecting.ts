import type { Loaded } from '../../config/load.ts'
import { fallbackCurrency } from '../../decode/currency/shop-currency.ts'
import type { Inspecting } from '../../inspect/inspect.ts'
import { readNewest } from '../../source/kafka/newest.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'

/** What `cartwatch inspect` needs of the configuration: how events are decoded, and where the topics are. */
export function inspectingOf({ config }: Loaded, clock: Clock, log: Logger): Inspecting {
  const { kafka, currency, rates, events } = config
  const own = currency ?? fallbackCurrency
  return {
    decoding: {
      currency: own,
      knownCurrencies: new Set([own, ...Object.keys(rates)]),
      maxBytes: events.maxBytes
    },
    readNewest: (topic, count) => readNewest({ ...kafka, clock, log }, topic, count)
  }
}
