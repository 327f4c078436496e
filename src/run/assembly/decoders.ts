import { resolveLayout } from '../../config/events.ts'
import type { Config } from '../../config/schema.ts'
import { createDecode } from '../../decode/decode.ts'
import type { Layout } from '../../decode/layout.ts'
import type { Decode } from '../../decode/types.ts'
import { createUnknownCurrencyWatch } from '../../decode/unknown-currency.ts'
import { createUnknownTypesWatch } from '../../decode/unknown-types.ts'
import type { Logger } from '../../telemetry/types.ts'

export interface Decoders {
  /** Of a file. */
  readonly decode: Decode
  /** Of a topic, the same one each time: it learns how the topic's records are written. */
  readonly decodeOf: (topic: string) => Decode
}

export function createDecoders(
  { currency, events, kafka }: Pick<Config, 'currency' | 'events' | 'kafka'>,
  knownCurrencies: ReadonlySet<string>,
  extraFields: readonly string[],
  log: Logger
): Decoders {
  const ofTopics = new Map<string, Decode>()
  /** `stream` names it in the log. */
  const newDecode = (layout: Layout, stream: { readonly topic?: string }): Decode =>
    watchStream(
      createDecode({ currency, knownCurrencies, maxBytes: events.maxBytes, layout, extraFields }),
      { ...stream, currency },
      log
    )
  return {
    decode: newDecode(events.layout, {}),
    decodeOf(topic) {
      const known = ofTopics.get(topic)
      if (known !== undefined) return known
      const decode = newDecode(resolveLayout(kafka.layouts.get(topic) ?? {}, events.layout), { topic })
      ofTopics.set(topic, decode)
      return decode
    }
  }
}

/** Warns once where the stream is not the one that the configuration describes: unknown types, or another currency. */
function watchStream(
  decode: Decode,
  { currency, ...stream }: { readonly topic?: string; readonly currency: string },
  log: Logger
): Decode {
  const types = createUnknownTypesWatch()
  const currencyOf = createUnknownCurrencyWatch()
  return function decodeWatched(value, headers) {
    const decoded = decode(value, headers)
    if (!types.isDone) {
      const notice = types.observe(decoded, value)
      if (notice !== undefined)
        log.warn(
          { ...stream, ...notice },
          'most records have an unknown event_type: is this the right topic? (cartwatch inspect shows what is in it)'
        )
    }
    const found = currencyOf(decoded)
    if (found !== undefined) {
      log.warn(
        { ...stream, currency: found, configured: currency },
        'purchases are in a currency without a rate, so revenue stays 0: set currency or rates'
      )
    }
    return decoded
  }
}
