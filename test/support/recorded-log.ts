import type { Logger, LogLevel } from '../../src/telemetry/types.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A log that a test reads back. */
export function createRecordedLog(): Logger & {
  readonly lines: readonly LogLine[]
  /** How often a message was logged. */
  times(message: string): number
} {
  const lines: LogLine[] = []
  const writer =
    (level: LogLevel): Logger['info'] =>
    (fields, message) =>
      void lines.push({ level, message, fields })
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    lines,
    times: message => lines.filter(line => line.message === message).length
  }
}
