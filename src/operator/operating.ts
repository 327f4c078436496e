import type { OperatorAction, Silence } from '../alert/types.ts'
import type { Store } from '../store/types.ts'
import type { Operating } from './types.ts'

export interface OperatingOptions {
  readonly pipeline: string
  readonly store: Pick<Store, 'incidents' | 'findIncidents' | 'actions' | 'insertActions'>
  readonly now: () => number
  /** Told of what is stored, so that it need not be found there. */
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

/** Those that are not over at a time. A silence that was ended is over then, whatever end it began with. */
export function silencesOf(actions: readonly OperatorAction[], nowMs: number): readonly Silence[] {
  const byId = new Map<string, Silence>()
  for (const { silence } of actions) {
    const before = silence && byId.get(silence.id)
    if (silence && (before == null || silence.endsAt < before.endsAt)) byId.set(silence.id, silence)
  }
  return [...byId.values()].filter(({ endsAt }) => endsAt > nowMs).sort((a, b) => a.endsAt - b.endsAt)
}
