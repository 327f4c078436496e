import type { Rate } from '../routing/receiver.ts'

/** A token bucket that a Retry-After can close. Times in milliseconds. */
export interface TokenBucket {
  /** How long until the next message may go; 0 means now. */
  waitMs(nowMs: number): number
  take(nowMs: number): void
  closeUntil(untilMs: number): void
  /** How long it stays closed. */
  closedMs(nowMs: number): number
  /** Changes the rate and keeps the tokens, up to the new burst. */
  change(rate: Rate): void
}

export function createTokenBucket(initial: Rate): TokenBucket {
  let { burst } = initial
  let perToken = 1_000 / initial.perSecond
  let tokens = burst
  let filledAt = Number.NEGATIVE_INFINITY
  let closedUntil = Number.NEGATIVE_INFINITY

  function fill(nowMs: number): void {
    if (filledAt !== Number.NEGATIVE_INFINITY) {
      tokens = Math.min(burst, tokens + Math.max(0, nowMs - filledAt) / perToken)
    }
    filledAt = nowMs
  }

  const closedMs = (nowMs: number) => Math.max(0, closedUntil - nowMs)

  return {
    waitMs(nowMs) {
      fill(nowMs)
      const forToken = tokens >= 1 ? 0 : Math.ceil((1 - tokens) * perToken)
      return Math.max(forToken, closedMs(nowMs))
    },
    closedMs,
    take(nowMs) {
      fill(nowMs)
      tokens -= 1
    },
    closeUntil(untilMs) {
      closedUntil = Math.max(closedUntil, untilMs)
    },
    change(rate) {
      burst = rate.burst
      perToken = 1_000 / rate.perSecond
      tokens = Math.min(tokens, burst)
    }
  }
}
