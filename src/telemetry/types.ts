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
