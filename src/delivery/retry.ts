import { setImmediate as turn } from 'node:timers/promises'
import { ExponentialBackoff, noJitterGenerator } from 'cockatiel'
import type { Clock } from '../telemetry/clock.ts'
import { hourMs } from '../time/units.ts'
import type { Dispatch } from './dispatch.ts'
import type { Fallback } from './fallback.ts'
import type { Outcomes } from './outcomes.ts'
import type { QueueEntry } from './queue-order.ts'
import type { ReceiverQueue } from './receiver-queues.ts'
import type { DeliveryRules } from './types.ts'
import type { Waiting } from './waiting.ts'

export interface RetryOptions {
  readonly rules: () => Pick<DeliveryRules, 'retryEveryMs' | 'expireAfterMs'>
  readonly clock: Clock
  readonly random: () => number
  readonly waiting: Pick<Waiting, 'has'>
  /** All that waits for an address. */
  readonly waitingAt: (address: string) => readonly QueueEntry[]
  readonly outcomes: Outcomes
  readonly dispatch: Dispatch
  readonly fallback: Fallback
}

const quickRetries = 3
/** Messages rerouted in one go. */
const reroutedAtOnce = 200
/** A longer Retry-After is a mistake that would silence the receiver. */
const longestRetryAfterMs = hourMs

/** Decides when an entry that could not be sent is tried again, and expires what has waited too long at its address. */
export function createRetry(options: RetryOptions) {
  const { rules, clock, waiting, waitingAt, outcomes, dispatch, fallback } = options
  const backoff = createBackoff(options.random)
  const expiresAt = ({ since }: QueueEntry) => since + rules().expireAfterMs

  function schedule(entry: QueueEntry, now: number, retryAfterMs: number): void {
    entry.backoff = (entry.backoff ?? backoff).next(undefined)
    const waitMs = entry.tries <= quickRetries ? entry.backoff.duration : rules().retryEveryMs
    entry.notBefore = now + Math.max(Math.min(waitMs, expiresAt(entry) - now), retryAfterMs)
  }

  /** In turns with other work, where many wait. */
  async function reroute(others: readonly QueueEntry[]): Promise<void> {
    for (const [index, entry] of others.entries()) {
      if (index > 0 && index % reroutedAtOnce === 0) await turn()
      if (waiting.has(entry) && entry.awaitedRows === 0) fallback.onBlocked(entry.record)
    }
  }

  return function retry(entry: QueueEntry, { channel, limits }: ReceiverQueue, askedMs = 0): void {
    outcomes.noteLast(entry.record, 'pending')
    const now = clock.now()
    const retryAfterMs = Math.min(askedMs, longestRetryAfterMs)
    if (retryAfterMs > 0) limits.closeUntil(now + retryAfterMs)
    schedule(entry, now, retryAfterMs)
    // The others expire too while this one keeps them from being tried.
    const others = waitingAt(channel.address)
    for (const other of others) if (now >= expiresAt(other)) dispatch.expired(other)
    if (waiting.has(entry))
      outcomes.reportFailedTry(entry, Math.max(entry.notBefore, now + limits.addressWaitMs(now)))
    if (entry.tries === quickRetries + 1 && waiting.has(entry)) void outcomes.report(entry, 'pending')
    if (limits.isBlocked()) void reroute(others)
  }
}

/** Waits of about 1, 2, 4 … seconds, each between half and one and a half of that. `random` is in [0, 1). */
const createBackoff = (random: () => number) =>
  new ExponentialBackoff<number>({
    initialDelay: 1_000,
    generator(tries, options) {
      const [delayMs, next] = noJitterGenerator(tries, options)
      return [delayMs * (0.5 + random()), next]
    }
  })
