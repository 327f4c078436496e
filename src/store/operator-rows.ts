import type { Change } from '../incident/changes.ts'
import type { IncidentLabel } from '../incident/labels.ts'
import type { OperatorAction, StoredIncident } from '../incident/types.ts'

/** What people did, said and told. */
export interface OperatorRows {
  insertActions(actions: readonly OperatorAction[]): Promise<void>
  /** What people did since `sinceMs`, and all of silences that were to last until then or longer, in the order of their time. */
  actions(pipeline: string, sinceMs: number): Promise<readonly OperatorAction[]>
  insertChanges(changes: readonly Change[]): Promise<void>
  /** Of [fromMs, toMs), in the order of their time. */
  changes(pipeline: string, fromMs: number, toMs?: number): Promise<readonly Change[]>
  /** The last label of each incident that has one, by its id; of all pipelines where none is named. */
  labels(pipeline?: string): Promise<ReadonlyMap<string, IncidentLabel>>
  /** Incidents whose last label says that they were expected, open or touched since `sinceMs`. */
  expectedIncidents(pipeline: string, sinceMs: number): Promise<readonly StoredIncident[]>
}
