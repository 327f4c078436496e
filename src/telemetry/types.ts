export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** What happened, in fields; an error goes under `error`. */
type LogFields = Readonly<Record<string, unknown>>

/** The one voice: an event with fields, and a message that is the same every time it happens. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

export interface ReceiverFigures {
  readonly waiting: number
  /** Until the next may go; 0 where none waits. */
  readonly waitMs: number
  readonly breaker: 'closed' | 'half_open' | 'open'
}

/** What the stages measure. Durations in milliseconds; the page shows seconds, as Prometheus has it. */
export interface Metrics {
  /** Records between what was read and the partition's end. */
  setLag(topic: string, partition: number, records: number): void
  /** Forgets every partition's lag: after a rebalance another instance measures it. */
  clearLag(): void
  addEvents(topic: string, count: number): void
  addDeadLetters(reason: string, count: number): void
  /** Records that were gone from the broker before they were read. */
  addRecordsLost(topic: string, partition: number, records: number): void
  /** For how long no commit has been taken; 0 where the last one was. */
  setUncommitted(ms: number): void
  addLateEvents(topic: string, partition: number, count: number): void
  addWindowClosed(isComplete: boolean): void
  setOpenWindows(count: number): void
  /** The wall clock's lead over the slowest partition's watermark. */
  setWatermarkDelay(ms: number): void
  addAnomaly(kind: string, severity: string): void
  addNotification(receiver: string, outcome: string): void
  /** An attempt: sent, refused or retry. */
  addAttempt(receiver: string, result: string): void
  /** From the decision until the receiver accepts. */
  observeNotification(receiver: string, latencyMs: number): void
  /** Replaces the figures of all receivers: how many wait, for how long yet, and how the breaker stands. */
  setReceivers(receivers: ReadonlyMap<string, ReceiverFigures>): void
  addHeartbeat(heartbeat: string, result: string): void
  /** Replaces the ages of all heartbeats: how long ago each was taken. */
  setHeartbeatAges(agesMs: ReadonlyMap<string, number>): void
  observeInsert(table: string, durationMs: number): void
  /** Closed windows that wait for the store. */
  setStoreQueue(windows: number): void
  /** Whether the store takes rows, as far as the last write shows. */
  setStoreUp(isUp: boolean): void
  addStoreFailure(reason: string): void
  /** The page in Prometheus' text format. */
  render(): Promise<string>
  readonly contentType: string
}
