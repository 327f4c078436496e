import type { DeadReason, SkipReason } from '../decode/types.ts'
import type { Placed } from '../window/types.ts'

/** What became of one event, or of a record without one. */
export type IngestedPart =
  | { readonly kind: Placed }
  | { readonly kind: 'dead'; readonly reason: DeadReason; readonly source?: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/** What became of one record. */
export type Ingested = IngestedPart | { readonly kind: 'several'; readonly parts: readonly IngestedPart[] }

/** How many records became what; of a record with several events, each counts. */
export interface Tally extends Record<Placed, number> {
  readonly dead: Map<DeadReason, number>
  readonly skipped: Map<SkipReason, number>
}

export const emptyTally = (): Tally => ({
  counted: 0,
  late: 0,
  replayed: 0,
  dead: new Map(),
  skipped: new Map()
})

export function addToTally(tally: Tally, ingested: Ingested): void {
  switch (ingested.kind) {
    case 'dead':
      countIn(tally.dead, ingested.reason)
      break
    case 'skipped':
      countIn(tally.skipped, ingested.reason)
      break
    case 'several':
      for (const part of ingested.parts) addToTally(tally, part)
      break
    case 'counted':
    case 'late':
    case 'replayed':
      tally[ingested.kind]++
      break
    default:
      ingested satisfies never
  }
}

function countIn<Reason>(counts: Map<Reason, number>, reason: Reason): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1)
}

/** What a reading from a beginning to an end has read. `events` counts those of finished windows too. */
export interface ReadCounts {
  readonly events: number
  readonly late: number
  readonly dead: ReadonlyMap<DeadReason, number>
  /** Records that are right and no event, such as a tombstone. */
  readonly skipped: ReadonlyMap<SkipReason, number>
}

export const readCountsOf = ({ counted, late, replayed, dead, skipped }: Tally): ReadCounts => ({
  events: counted + late + replayed,
  late,
  dead,
  skipped
})
