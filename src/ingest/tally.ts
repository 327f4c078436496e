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
  switch (ingested.kind) {
    case 'counted':
      tally.counted++
      return
    case 'late':
      tally.late++
      return
    case 'replayed':
      tally.replayed++
      return
    case 'dead':
      tally.dead.set(ingested.reason, (tally.dead.get(ingested.reason) ?? 0) + 1)
      return
    default:
      ingested satisfies never
  }
}

/** Events that were read, whether or not their window is done already. */
export const eventsRead = ({ counted, late, replayed }: Tally): number => counted + late + replayed
