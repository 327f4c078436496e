import type { Writable } from 'node:stream'
import { isatty } from 'node:tty'
import { type DestinationStream, destination, type LoggerOptions, pino, stdSerializers } from 'pino'
import { PinoPretty } from 'pino-pretty'
import type { Clock } from './clock.ts'
import type { Logger, LogLevel } from './types.ts'

export interface LogOptions {
  readonly level: LogLevel
  readonly clock: Clock
  /** Where a command's result goes to standard output, its log goes to standard error. */
  readonly to: 'stdout' | 'stderr' | Writable
  /** For people instead of JSON; by default where `to` is a terminal. */
  readonly pretty?: boolean
  /** Takes the known secrets out of a text: every text of every line passes through it, errors and causes too. */
  readonly mask?: (text: string) => string
}

/** A logger whose level can be changed while it is in use. */
export interface LevelledLogger extends Logger {
  level: string
}

/** The logger of the process: a line of JSON an event, written at once. */
export function createLogger({ level, clock, to, pretty, mask }: LogOptions): LevelledLogger {
  const options: LoggerOptions = {
    level,
    base: null,
    errorKey: 'error',
    timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: label => ({ level: label }) },
    serializers: { error: stdSerializers.err },
    redact: { paths: [...secretFields, ...secretFields.map(field => `*.${field}`)], censor: '***' }
  }
  if (mask) options.hooks = { streamWrite: line => maskLine(line, mask) }
  return pino(options, streamOf(to, pretty))
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

function streamOf(to: LogOptions['to'], pretty: boolean | undefined): DestinationStream {
  if (typeof to === 'object') return pretty ? prettyStream(to) : to
  const fd = to === 'stdout' ? 1 : 2
  return (pretty ?? isatty(fd)) ? prettyStream(fd) : destination({ fd, sync: true })
}

const prettyStream = (to: number | Writable): DestinationStream =>
  PinoPretty({
    destination: to,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    colorize: typeof to === 'number' && isatty(to)
  })

/**
 * Masks each text of a line by itself, so that the line stays JSON whatever the mask takes out, and a secret is found
 * however it was escaped.
 */
function maskLine(line: string, mask: (text: string) => string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"/g, literal => {
    const text: string = JSON.parse(literal)
    const masked = mask(text)
    return masked === text ? literal : JSON.stringify(masked)
  })
}
