/** One step of an escalation: whom else an incident goes to while nobody has acknowledged it. */
export interface EscalationLevel {
  /** After the first notification at a severity. */
  readonly afterMs: number
  /** Receivers and groups of them. */
  readonly receivers: readonly string[]
  /** Whom a message in Slack mentions: ids of users and of user groups, `here`, `channel`. */
  readonly mention: readonly string[]
  /** Skipped where a receiver has accepted a notification at this severity. */
  readonly onlyIfUndelivered: boolean
  /** Names of time intervals, with `!` for outside of one; an empty list means always. */
  readonly when: readonly string[]
}

/** Policies by name, each with its levels in the order of time. */
export type Escalations = ReadonlyMap<string, readonly EscalationLevel[]>
