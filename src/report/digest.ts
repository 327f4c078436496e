import { noReceiver } from '../incident/notification.ts'
import type { StoredIncident } from '../incident/types.ts'
import type { Store } from '../store/types.ts'

/** The severity whose incidents a digest keeps from messages of their own. */
export const digestedSeverity = 'low'

/**
 * The incidents of a digest that opened in [fromMs, toMs), in that order: those that nobody was notified of and that no silence
 * or other incident suppressed. One that became more severe has a message of its own.
 */
export async function readDigest(
  store: Pick<Store, 'findIncidents'>,
  pipeline: string,
  fromMs: number,
  toMs: number
): Promise<readonly StoredIncident[]> {
  const found = await store.findIncidents({ pipeline, sinceMs: fromMs })
  return found
    .filter(
      ({ severity, openedAt }) => severity === digestedSeverity && openedAt >= fromMs && openedAt < toMs
    )
    .filter(isUntold)
    .toSorted((one, other) => one.openedAt - other.openedAt)
}

const isUntold = ({ lastNotified, dedupReceivers, suppressedReasons }: StoredIncident): boolean =>
  Object.keys(lastNotified).every(name => name === noReceiver) &&
  dedupReceivers.length === 0 &&
  Object.keys(suppressedReasons).length === 0
