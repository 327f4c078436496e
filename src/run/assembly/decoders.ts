import { resolveLayout } from '../../config/events.ts'
import type { Config } from '../../config/schema.ts'
import type { ShopCurrency } from '../../decode/currency/shop-currency.ts'
import { createDecode } from '../../decode/decode.ts'
import { createDecodeRecord, type DecodeRecord } from '../../decode/decode-record.ts'
import { noCurrency } from '../../decode/fields.ts'
import type { Layout } from '../../decode/layout.ts'
import { createExamples, type ExampleOf } from '../../decode/stream/example.ts'
import { createStreamWatch, type StreamWatch, type TopicWatch } from '../../decode/stream/stream-watch.ts'
import type { Decode } from '../../decode/types.ts'
import { createUnknownTypesWatch } from '../../decode/unknown-types.ts'
import type { Logger } from '../../telemetry/types.ts'

export interface Decoders {
  /** Of a file. */
  readonly decode: DecodeRecord
  /** Of a topic, the same one each time: it learns how the topic's records are written. */
  readonly decodeOf: (topic: string) => DecodeRecord
  /** Of a topic or a file, where the shop's currency is not known yet: an event that names none is in `noCurrency`. */
  readonly undecided: (topic: string | undefined) => Decode
  /** What has been seen of a file, and of the topics. */
  readonly file: Pick<StreamWatch, 'reject' | 'repeat' | 'health'>
  readonly topics: TopicWatch
}

/** Streams are opened once the shop's currency is known. */
interface Stream extends StreamWatch {
  readonly decode: DecodeRecord
  /** Watches what was decoded. */
  readonly look: Look
  readonly exampleOf: ExampleOf
}

export function createDecoders(
  { events, kafka }: Pick<Config, 'events' | 'kafka'>,
  shop: ShopCurrency,
  extraFields: readonly string[],
  log: Logger
): Decoders {
  const streams = new Map<string, Stream>()
  /** `topic` names it in the log; what is wrong with a file is said at its end. */
  const openStream = (layout: Layout, topic: string | undefined): Stream => {
    const currency = shop.code()
    const knownCurrencies = new Set(shop.rates.keys())
    const options = { currency, knownCurrencies, maxBytes: events.maxBytes, layout, extraFields }
    const exampleOf = createExamples(layout)
    const watch = createStreamWatch({ layout, currency, exampleOf })
    const logProblems = topic === undefined ? () => {} : createProblemLog(watch, topic, log)
    const look = createLook(watch, logProblems, topic, log)
    return { ...watch, exampleOf, look, decode: watched(createDecodeRecord(options), look) }
  }
  const layoutOf = (topic: string) => resolveLayout(kafka.layouts.get(topic) ?? {}, events.layout)
  const streamOf = (topic: string): Stream => {
    const known = streams.get(topic)
    if (known !== undefined) return known
    const stream = openStream(layoutOf(topic), topic)
    streams.set(topic, stream)
    return stream
  }
  let file: Stream | undefined
  const openFile = (): Stream => {
    file ??= openStream(events.layout, undefined)
    return file
  }
  return {
    decode: record => openFile().decode(record),
    undecided: topic =>
      createDecode({
        currency: noCurrency,
        knownCurrencies: new Set(),
        maxBytes: events.maxBytes,
        layout: topic === undefined ? events.layout : layoutOf(topic)
      }),
    decodeOf: topic => streamOf(topic).decode,
    file: {
      reject: value => openFile().reject(value),
      repeat: (purchases, orderId) => openFile().repeat(purchases, orderId),
      health: of => openFile().health(of)
    },
    topics: {
      observe: topic => streamOf(topic).look,
      exampleOf: (topic, value, reason) => streamOf(topic).exampleOf(value, reason),
      reject: (topic, value) => streamOf(topic).reject(value),
      repeat: (topic, purchases, orderId) => streamOf(topic).repeat(purchases, orderId),
      health: () => new Map([...streams].map(([topic, { health }]) => [topic, health('recent')]))
    }
  }
}

type Look = ReturnType<TopicWatch['observe']>

/** Watches what is decoded, and warns once where the stream is not the one that the configuration describes. */
function createLook(
  watch: StreamWatch,
  logProblems: () => void,
  topic: string | undefined,
  log: Logger
): Look {
  const types = createUnknownTypesWatch()
  return function look(decoded, record) {
    if (watch.observe(decoded, record)) logProblems()
    if (types.isDone) return
    const notice = types.observe(decoded, record)
    if (notice !== undefined)
      log.warn(
        { ...(topic !== undefined && { topic }), ...notice },
        'most records have an unknown event_type: is this the right topic? (cartwatch inspect shows what is in it)'
      )
  }
}

function watched(decode: DecodeRecord, look: Look): DecodeRecord {
  return function decodeWatched(record) {
    const decoded = decode(record)
    look(decoded, record)
    return decoded
  }
}

/** Below these, chance or a single producer explains it; the metrics have it. */
const minCount = 5
const minShare = 0.05

/** Logs each problem when it begins, and again only if it had gone. */
function createProblemLog({ health }: StreamWatch, topic: string, log: Logger): () => void {
  let reported: ReadonlySet<string> = new Set()
  return function logProblems() {
    const problems = health('recent').problems.filter(
      // Unknown types have a notice of their own, with the names of the types.
      ({ what, count, share }) => what !== 'unknown_type' && count >= minCount && share >= minShare
    )
    for (const { what, share, sentence } of problems) {
      if (!reported.has(what))
        log.warn({ topic, problem: what, share: Math.round(share * 1_000) / 1_000 }, sentence)
    }
    reported = new Set(problems.map(({ what }) => what))
  }
}
