import { resolveLayout } from '../../config/events.ts'
import type { Config } from '../../config/schema.ts'
import { createDecode } from '../../decode/decode.ts'
import type { Layout } from '../../decode/layout.ts'
import { createExamples, type ExampleOf } from '../../decode/stream/example.ts'
import { createStreamWatch, type StreamWatch, type TopicWatch } from '../../decode/stream/stream-watch.ts'
import type { Decode } from '../../decode/types.ts'
import { createUnknownTypesWatch } from '../../decode/unknown-types.ts'
import type { Logger } from '../../telemetry/types.ts'

export interface Decoders {
  /** Of a file. */
  readonly decode: Decode
  /** Of a topic, the same one each time: it learns how the topic's records are written. */
  readonly decodeOf: (topic: string) => Decode
  /** What has been seen of a file, and of the topics. */
  readonly file: Pick<StreamWatch, 'reject' | 'health'>
  readonly topics: TopicWatch
}

interface Stream extends StreamWatch {
  readonly decode: Decode
  readonly exampleOf: ExampleOf
}

export function createDecoders(
  { currency, events, kafka }: Pick<Config, 'currency' | 'events' | 'kafka'>,
  knownCurrencies: ReadonlySet<string>,
  extraFields: readonly string[],
  log: Logger
): Decoders {
  const streams = new Map<string, Stream>()
  /** `topic` names it in the log; what is wrong with a file is said at its end. */
  const openStream = (layout: Layout, topic: string | undefined): Stream => {
    const options = { currency, knownCurrencies, maxBytes: events.maxBytes, layout, extraFields }
    const exampleOf = createExamples(layout)
    const watch = createStreamWatch({ layout, currency, exampleOf })
    const logProblems = topic === undefined ? () => {} : createProblemLog(watch, topic, log)
    return { ...watch, exampleOf, decode: watched(createDecode(options), watch, logProblems, topic, log) }
  }
  const streamOf = (topic: string): Stream => {
    const known = streams.get(topic)
    if (known !== undefined) return known
    const stream = openStream(resolveLayout(kafka.layouts.get(topic) ?? {}, events.layout), topic)
    streams.set(topic, stream)
    return stream
  }
  const file = openStream(events.layout, undefined)
  return {
    decode: file.decode,
    decodeOf: topic => streamOf(topic).decode,
    file,
    topics: {
      exampleOf: (topic, value, reason) => streamOf(topic).exampleOf(value, reason),
      reject: (topic, value) => streamOf(topic).reject(value),
      health: () => new Map([...streams].map(([topic, { health }]) => [topic, health('recent')]))
    }
  }
}

/** Watches what is decoded, and warns once where the stream is not the one that the configuration describes. */
function watched(
  decode: Decode,
  watch: StreamWatch,
  logProblems: () => void,
  topic: string | undefined,
  log: Logger
): Decode {
  const types = createUnknownTypesWatch()
  return function decodeWatched(value, headers) {
    const decoded = decode(value, headers)
    if (watch.observe(decoded, value)) logProblems()
    if (!types.isDone) {
      const notice = types.observe(decoded, value)
      if (notice !== undefined)
        log.warn(
          { ...(topic !== undefined && { topic }), ...notice },
          'most records have an unknown event_type: is this the right topic? (cartwatch inspect shows what is in it)'
        )
    }
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
