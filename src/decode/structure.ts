import type { EventType } from './layout.ts'

/** How records hold events, beside the places of their fields. */
export interface Structure {
  /** What says the type of every record: one word for all, or a header of the Kafka record. */
  readonly eventType?: { readonly constant: EventType } | { readonly header: string } | undefined
  /** A path to the list whose entries are the events. What an entry lacks is read from the record around it. */
  readonly eventsIn?: string | undefined
  /** A format of text that is no JSON, in which records may be too. */
  readonly text?: 'snowplow_tsv' | undefined
  /** Records that are left out: those for which every condition of an entry holds, by the condition's path. */
  readonly ignore?: readonly Readonly<Record<string, readonly Condition[]>>[]
}

/** A value, or a text such as `/bot/i` that is a pattern; an empty text is absent. */
export type Condition = string | number | boolean

/** Records with more events are dead letters: an offset's events are counted together or not at all. */
export const maxEventsOfRecord = 10_000
