import { randomBytes } from 'node:crypto'
import type { EventData, EventName } from '../api/events.ts'

export interface FeedEvent {
  readonly id: string
  readonly name: EventName
  readonly data: object
}

/** What has changed, for whoever wants to show it: the newest events are kept for those who come back. */
export interface Feed {
  publish<Name extends EventName>(name: Name, data: EventData<Name>): void
  /** Of the newest event. */
  lastId(): string
  /** Those behind an event; undefined where it is too old, or of another run. */
  behind(id: string): readonly FeedEvent[] | undefined
  /** Returns what ends it. */
  subscribe(listener: (event: FeedEvent) => void): () => void
}

export function createFeed({ most = 1_000 } = {}): Feed {
  // Ids of an earlier run, or of another instance, are none of ours.
  const run = randomBytes(6).toString('base64url')
  const idOf = (number: number) => `${run}.${number}`
  const listeners = new Set<(event: FeedEvent) => void>()
  const kept: FeedEvent[] = []
  let published = 0

  return {
    publish(name, data) {
      published += 1
      const event = { id: idOf(published), name, data }
      kept.push(event)
      if (kept.length > most) kept.shift()
      for (const listener of listeners) listener(event)
    },
    lastId: () => idOf(published),
    behind(id) {
      const [, of, number] = /^(.+)\.(\d{1,15})$/.exec(id) ?? []
      const missed = published - Number(number)
      if (of !== run || missed < 0 || missed > kept.length) return undefined
      return kept.slice(kept.length - missed)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  }
}
