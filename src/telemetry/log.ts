import { createRequire } from 'node:module'
import type { Writable } from 'node:stream'
import { isatty } from 'node:tty'
import { type DestinationStream, destination, type LoggerOptions, pino, stdSerializers } from 'pino'
import type PinoPretty from 'pino-pretty'
import type { Clock } from './clock.ts'
import type { Logger, LogLevel } from './types.ts'
import { visibleJson, visibleLines } from './visible-text.ts'

export interface LogOptions {
  readonly level: LogLevel
  readonly clock: Clock
  /** Where a command's result goes to standard output, its log goes to standard error. */
  readonly to: 'stdout' | 'stderr' | Writable
  /** For people instead of JSON; by default where `to` is a terminal. */
  readonly pretty?: boolean
  /** Takes the known secrets out of a text: every text of every line passes through it, errors and causes too. */
  readonly mask?: (text: string) => string
  /** Whose process it is, where several run side by side: each line names it. */
  readonly tenant?: string | undefined
}

/** A logger whose level can be changed while it is in use. */
export interface LevelledLogger extends Logger {
  level: string
}

/**
 * The logger of the process: a line of JSON an event, written at once. What a terminal would obey stands there escaped,
 * as JSON has it; the form for people, which takes the escapes of JSON away, is given texts that show theirs.
 */
export function createLogger({ level, clock, to, pretty, mask, tenant }: LogOptions): LevelledLogger {
  const options: LoggerOptions = {
    level,
    base: tenant === undefined ? null : { tenant },
    errorKey: 'error',
    timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: label => ({ level: label }) },
    serializers: { error: stdSerializers.err },
    redact: { paths: [...secretFields, ...secretFields.map(field => `*.${field}`)], censor: '***' }
  }
  const isPretty = pretty ?? (typeof to !== 'object' && isatty(fdOf(to)))
  const masked = (line: string) => (mask ? eachText(line, mask) : line)
  const streamWrite = (line: string) =>
    isPretty ? eachText(masked(line), visibleLines) : visibleJson(masked(line))
  return pino({ ...options, hooks: { streamWrite } }, streamOf(to, isPretty))
}

/** Fields that no line may show, whatever their value; what a text may hold is the mask's. */
const secretFields = [
  'password',
  'secret',
  'token',
  'authorization',
  'webhookUrl',
  'integrationKey',
  'routing_key'
]

function streamOf(to: LogOptions['to'], isPretty: boolean): DestinationStream {
  if (typeof to === 'object') return isPretty ? prettyStream(to) : to
  return isPretty ? prettyStream(fdOf(to)) : destination({ fd: fdOf(to), sync: true })
}

const fdOf = (to: 'stdout' | 'stderr') => (to === 'stdout' ? 1 : 2)

const require = createRequire(import.meta.url)

/** Its modules are many, and only a terminal needs them. */
const prettyStream = (to: number | Writable): DestinationStream =>
  (require('pino-pretty') as typeof PinoPretty)({
    destination: to,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'tenant',
    messageFormat: '{if tenant}[{tenant}] {end}{msg}',
    colorize: typeof to === 'number' && isatty(to)
  })

/**
 * Changes each text of a line by itself, so that the line stays JSON whatever a mask takes out, and a secret is found
 * however it was escaped.
 */
function eachText(line: string, change: (text: string) => string): string {
  return line.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, literal => {
    const text: string = JSON.parse(literal)
    const changed = change(text)
    return changed === text ? literal : JSON.stringify(changed)
  })
}
