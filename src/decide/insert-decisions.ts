import type { Store } from '../store/types.ts'
import type { Decision } from './decision.ts'

/** What the store needs so that decisions can be inserted. */
export type DecisionStore = Pick<
  Store,
  'insertWindows' | 'insertAnomalies' | 'insertNotifications' | 'insertIncidents'
>

/** Rows of windows first, then their anomalies, then notifications: what is stored always has its reason stored. */
export async function insertDecisions(
  store: DecisionStore,
  pipeline: string,
  decisions: readonly Decision[]
): Promise<void> {
  const windows = decisions.flatMap(({ window }) => window ?? [])
  const anomalies = decisions.flatMap(one => one.anomalies)
  const notifications = decisions.flatMap(one => one.notifications)
  const incidents = decisions.flatMap(one => one.incidents)
  if (windows.length > 0) await store.insertWindows(pipeline, windows)
  if (anomalies.length > 0) await store.insertAnomalies(anomalies)
  if (notifications.length > 0) await store.insertNotifications(notifications)
  if (incidents.length > 0) await store.insertIncidents(incidents)
}
