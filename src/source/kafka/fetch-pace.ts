import type { Consumer } from 'kafkajs'

/** How long a fetch should take at most: heartbeats, stops and pauses wait for no more. */
const targetMs = 2_000
/** What is asked for first, before the link is known. */
const firstBytes = 262_144
const leastBytes = 16_384
/** More than any setting of KafkaJS. */
const mostBytes = 104_857_600
/** Below this the link, and not our own work, decides how fast is read. */
const slowBytesPerSecond = 1_000_000

interface Link {
  bytes: number
  /** Of the last fetch that shows it. */
  bytesPerSecond: number | undefined
}

export type FetchPace = ReturnType<typeof createFetchPace>

/**
 * How many bytes a fetch may bring from each broker. It begins small, at most doubles, and shrinks to what the link brings in
 * `targetMs`: a fetch that is too large for its link is never answered in time, and asked for again whole.
 */
export function createFetchPace() {
  const links = new Map<string, Link>()

  function linkOf(broker: string): Link {
    const link = links.get(broker) ?? { bytes: firstBytes, bytesPerSecond: undefined }
    links.set(broker, link)
    return link
  }

  function answered(broker: string, bytes: number, durationMs: number): void {
    const link = linkOf(broker)
    // A small answer that came soon says nothing: there was no more to read.
    if (bytes < link.bytes / 2 && durationMs <= targetMs) return
    link.bytesPerSecond = (bytes * 1_000) / Math.max(1, durationMs)
    const fitting = (link.bytesPerSecond * targetMs) / 1_000
    link.bytes = Math.round(Math.min(mostBytes, 2 * link.bytes, Math.max(leastBytes, fitting)))
  }

  function timedOut(broker: string): void {
    const link = linkOf(broker)
    link.bytes = Math.max(leastBytes, Math.round(link.bytes / 4))
    link.bytesPerSecond = 0
  }

  return {
    /** The most that the next fetch from a broker, `host:port`, may bring. */
    bytes: (broker: string): number => linkOf(broker).bytes,
    answered,
    timedOut,
    /** Follows the fetches of a consumer. */
    watch(consumer: Pick<Consumer, 'on' | 'events'>): void {
      const { REQUEST, REQUEST_TIMEOUT } = consumer.events
      consumer.on(REQUEST, ({ payload: { apiName, broker, size, duration } }) => {
        if (apiName === 'Fetch') answered(broker, size, duration)
      })
      consumer.on(REQUEST_TIMEOUT, ({ payload: { apiName, broker } }) => {
        if (apiName === 'Fetch') timedOut(broker)
      })
    },
    /** That a broker is too slow, and how slow, where that limits how fast is read. */
    slowness(): string | undefined {
      const slowest = Math.min(
        ...[...links.values()].map(({ bytesPerSecond = Number.POSITIVE_INFINITY }) => bytesPerSecond)
      )
      if (slowest >= slowBytesPerSecond) return undefined
      const rate = slowest < 1_000 ? 'less than 1' : Math.round(slowest / 1_000)
      return `the broker answers too slowly: ${rate} KB/s`
    }
  }
}
