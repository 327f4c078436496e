import type { OperatorAction, Silence, StoredIncident } from '../incident/types.ts'

/** What people ask and do, whatever way they come in by. All reject with a StoreError where the store is away. */
export interface Operating {
  readonly pipeline: string
  /** Open incidents, and those that a window touched since `sinceMs`; the one that opened last comes first. */
  incidents(sinceMs: number): Promise<readonly StoredIncident[]>
  /** Those whose id is this, or begins with these 6 characters or more; no more than two. */
  matching(id: string): Promise<readonly StoredIncident[]>
  /** Silences that last or are still to begin, in the order of their end. */
  silences(): Promise<readonly Silence[]>
  /** Stores what a person did; the instance that works takes it up from there. */
  act(action: OperatorAction): Promise<void>
  now(): number
}
