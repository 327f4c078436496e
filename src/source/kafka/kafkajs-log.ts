import { inspect } from 'node:util'
import type { LogEntry, logCreator } from 'kafkajs'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import { minuteMs } from '../../time/units.ts'

/** Texts of errors that are normal in a group. */
export const routineErrors: readonly string[] = [
  'The group is rebalancing, so a rejoin is needed',
  'The group member needs to have a valid member id before actually entering a consumer group',
  // The answer to a batch without records, which only asks whether we may write.
  'This record has failed the validation on broker and hence be rejected'
]

/** Texts of errors that KafkaJS logs as errors and then retries by itself. */
export const retriedErrors: readonly string[] = [
  "The coordinator is loading and hence can't process requests for this group",
  'The group coordinator is not available',
  'This is not the correct coordinator for this group',
  'The coordinator is not aware of this member',
  'Specified group generation id is not valid',
  'There is no leader for this topic-partition as we are in the middle of a leadership election',
  'This server is not the leader for that topic-partition',
  'This server does not host this topic-partition',
  'This is not the correct controller for this cluster',
  'Connection error',
  'Connection timeout',
  'Closed connection',
  'Failed to connect',
  'SaslAuthenticate',
  'authentication failed',
  'does not support the requested SASL mechanism',
  'not valid given the current SASL state',
  'Restarting the consumer in'
]

/** A broker that is gone is tried several times a second: the same text is logged once in this time. */
const repeatMs = minuteMs
/** Bounds memory: texts differ by broker, not by event, so there are few. */
const maxTexts = 100

/**
 * Writes KafkaJS's log to ours: as a warning what KafkaJS retries, as debug what is routine or was logged within the last
 * minute. If KafkaJS gives up, the failed call rejects or the consumer's CRASH event follows.
 */
export function createKafkaLog(log: Logger): logCreator {
  const loggedAt = new Map<string, number>()

  function isRepeat(text: string, now: number): boolean {
    if (now - (loggedAt.get(text) ?? Number.NEGATIVE_INFINITY) < repeatMs) return true
    if (loggedAt.size >= maxTexts) loggedAt.clear()
    loggedAt.set(text, now)
    return false
  }

  return () =>
    function write(entry) {
      // Without the stack, which is a socket's: it names no line of ours.
      const { timestamp, logger: _logger, stack: _stack, message, ...fields } = entry.log
      const level = levelOf(entry)
      const text = `${entry.namespace} ${message} ${textOf(fields['error'])}`
      const isRepeated = level !== 'debug' && isRepeat(text, Date.parse(timestamp))
      log[isRepeated ? 'debug' : level]({ kafkajs: entry.namespace, ...fields }, String(message))
    }
}

// The numbers of KafkaJS's logLevel, of which only the default export has the values.
const levels: Readonly<Record<number, keyof Logger>> = { 1: 'error', 2: 'warn' }

function levelOf({ level, log: { message, error } }: LogEntry): keyof Logger {
  const named = levels[level] ?? 'debug'
  if (named === 'debug') return named
  const text = `${message} ${textOf(error)}`
  if (routineErrors.some(routine => text.includes(routine))) return 'debug'
  return retriedErrors.some(retried => text.includes(retried)) ? 'warn' : named
}

function textOf(error: unknown): string {
  if (typeof error === 'object' && !(error instanceof Error)) return inspect(error)
  return error === undefined ? '' : messageOf(error)
}
