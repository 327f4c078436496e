import type { NotificationRecord } from '../incident/types.ts'
import type { Rate } from '../routing/receiver.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { SendResult } from './channel.ts'
import {
  type CircuitBreakerRules,
  type CircuitBreakerState,
  createCircuitBreaker
} from './circuit-breaker.ts'
import { createKeyRateLimit } from './per-key-limit.ts'
import type { Candidate, QueueEntry } from './queue-order.ts'
import { createTokenBucket } from './token-bucket.ts'

export interface LimitRules {
  readonly rate: Rate
  readonly breaker: CircuitBreakerRules
  /** New messages of one kind and segment a minute; critical ones are not limited. */
  readonly ratePerKey: number
}

export type SendLimits = ReturnType<typeof createSendLimits>

/** Limits what is sent to one address: a token bucket, a circuit breaker, and a rate limit per kind and segment. */
export function createSendLimits(initial: LimitRules, clock: Clock) {
  let rules = initial
  const bucket = createTokenBucket(rules.rate)
  let breaker = createCircuitBreaker(rules.breaker, clock)
  let keyLimit = createKeyRateLimit(rules.ratePerKey)
  return {
    /** How long the entry has to wait, whatever the address could take; 0 or less means not at all. */
    entryWaitMs({ entry, priority }: Candidate, nowMs: number): number {
      const isLimited = entry.tries === 0 && priority !== 'critical'
      return Math.max(entry.notBefore - nowMs, isLimited ? keyLimit.waitMs(keyOf(entry.record), nowMs) : 0)
    },
    /** How long the address takes nothing; 0 means it takes a message now. */
    addressWaitMs: (nowMs: number): number => Math.max(bucket.waitMs(nowMs), breaker.waitMs(nowMs)),
    takeToken: bucket.take,
    /** Sends through the circuit breaker, and counts the first send of an entry against the limit per key. */
    through({ record, tries }: QueueEntry, send: () => Promise<SendResult>): Promise<SendResult> {
      if (tries === 0) keyLimit.take(keyOf(record), clock.now())
      return breaker.run(send)
    },
    closeUntil: bucket.closeUntil,
    /** Nothing goes for a while: the circuit breaker is open, or a Retry-After is as long as its pause. */
    isBlocked(): boolean {
      const now = clock.now()
      return breaker.state(now) === 'open' || bucket.closedMs(now) >= rules.breaker.pauseMs
    },
    breaker: (nowMs: number): CircuitBreakerState => breaker.state(nowMs),
    /** Applies new rules; a limit whose rule is unchanged keeps its state. */
    change(next: LimitRules): void {
      bucket.change(next.rate)
      if (next.ratePerKey !== rules.ratePerKey) keyLimit = createKeyRateLimit(next.ratePerKey)
      const { failures, pauseMs } = rules.breaker
      if (next.breaker.failures !== failures || next.breaker.pauseMs !== pauseMs)
        breaker = createCircuitBreaker(next.breaker, clock)
      rules = next
    }
  }
}

const keyOf = ({ kind, segment }: NotificationRecord): string => `${kind} ${segment}`
