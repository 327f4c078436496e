import { createSilences } from '../incident/silences.ts'
import type { OperatorAction, Silence } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import type { Operating } from './types.ts'

export interface OperatingOptions {
  readonly pipeline: string
  readonly store: Pick<Store, 'incidents' | 'findIncidents' | 'actions' | 'insertActions'>
  readonly now: () => number
  /** Gets every stored action, so that nobody has to read it back. */
  readonly onStored?: (action: OperatorAction) => void
}

/** An id or the beginning of one, long enough to be meant. */
const idPattern = /^[0-9a-f-]{6,36}$/

/** What people can ask and do, over the store alone. */
export function createOperating({ pipeline, store, now, onStored }: OperatingOptions): Operating {
  return {
    pipeline,
    incidents: async sinceMs =>
      (await store.incidents(pipeline, sinceMs)).toSorted((a, b) => b.openedAt - a.openedAt),
    matching: async id =>
      idPattern.test(id) ? store.findIncidents({ pipeline, idPrefix: id, limit: 2 }) : [],
    silences: async () => silencesOf(await store.actions(pipeline, now()), now()),
    async act(action) {
      await store.insertActions([action])
      onStored?.(action)
    },
    now
  }
}

/** Those that are not over at a time, the one that ends first in front. */
export function silencesOf(actions: readonly OperatorAction[], nowMs: number): readonly Silence[] {
  const silences = createSilences()
  for (const action of actions) silences.apply(action)
  return silences.lasting(nowMs).toSorted((a, b) => a.endsAt - b.endsAt)
}
