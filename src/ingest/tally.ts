import type { DeadReason } from '../decode/types.ts'
import type { Placed } from '../window/types.ts'

/** What became of one record. */
export type Ingested = { readonly kind: Placed } | { readonly kind: 'dead'; readonly reason: DeadReason }

/** How many records became what. */
export interface Tally extends Record<Placed, number> {
  readonly dead: Map<DeadReason, number>
}

export const emptyTally = (): Tally => ({ counted: 0, late: 0, replayed: 0, dead: new Map() })

export function addToTally(tally: Tally, ingested: Ingested): void {
  if (ingested.kind !== 'dead') tally[ingested.kind]++
  else tally.dead.set(ingested.reason, (tally.dead.get(ingested.reason) ?? 0) + 1)
}

/** What a reading from a beginning to an end has read. `events` counts those of finished windows too. */
export interface ReadCounts {
  readonly events: number
  readonly late: number
  readonly dead: ReadonlyMap<DeadReason, number>
}

export const readCountsOf = ({ counted, late, replayed, dead }: Tally): ReadCounts => ({
  events: counted + late + replayed,
  late,
  dead
})
