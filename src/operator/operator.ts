import type { Change } from '../incident/changes.ts'
import { createSilences } from '../incident/silences.ts'
import type { OperatorAction, Silence, StoredIncident } from '../incident/types.ts'
import type { IncidentFilter, Store } from '../store/types.ts'

interface OperatingOptions {
  readonly pipeline: string
  readonly store: Pick<
    Store,
    'findIncidents' | 'labels' | 'actions' | 'insertActions' | 'changes' | 'insertChanges'
  >
  readonly now: () => number
  /** Gets every stored action, so that nobody has to read it back. */
  readonly onStored?: (action: OperatorAction) => void
  readonly onChange?: (change: Change) => void
}

/** An id, or at least its first 6 characters. */
const idPattern = /^[0-9a-f-]{6,36}$/

/** What people ask and do, whatever way they come in by. All reject with a StoreError where the store is away. */
export type Operating = ReturnType<typeof createOperating>

export function createOperating({ pipeline, store, now, onStored, onChange }: OperatingOptions) {
  return {
    pipeline,
    now,
    /** The one that opened last comes first. */
    incidents: (filter: Omit<IncidentFilter, 'pipeline'>): Promise<readonly StoredIncident[]> =>
      store.findIncidents({ ...filter, pipeline }),
    /** Those whose id is this, or begins with these 6 characters or more; no more than two. */
    matching: async (id: string): Promise<readonly StoredIncident[]> =>
      idPattern.test(id) ? store.findIncidents({ pipeline, idPrefix: id, limit: 2 }) : [],
    /** What people said of incidents, by their ids. */
    labels: () => store.labels(pipeline),
    /** Silences that last or are still to begin, in the order of their end. */
    silences: async () => silencesOf(await store.actions(pipeline, now()), now()),
    /** What was changed within [fromMs, toMs), in that order. */
    changes: (fromMs: number, toMs?: number) => store.changes(pipeline, fromMs, toMs),
    /** Stores what somebody told of a change. */
    async tell(change: Change) {
      await store.insertChanges([change])
      onChange?.(change)
    },
    /** Stores what a person did; the instance that works takes it up from there. */
    async act(action: OperatorAction) {
      await store.insertActions([action])
      onStored?.(action)
    }
  }
}

/** Those that are not over at a time, the one that ends first in front. */
export function silencesOf(actions: readonly OperatorAction[], nowMs: number): readonly Silence[] {
  const silences = createSilences()
  for (const action of actions) silences.add(action)
  return silences.lasting(nowMs).toSorted((a, b) => a.endsAt - b.endsAt)
}
