import type { Rate } from '../routing/receiver.ts'

export type TokenBucket = ReturnType<typeof createTokenBucket>

/** A token bucket that a Retry-After can close. Times in milliseconds. */
export function createTokenBucket(initial: Rate) {
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
    /** How long until the next message may go; 0 means now. */
    waitMs(nowMs: number): number {
      fill(nowMs)
      const forToken = tokens >= 1 ? 0 : Math.ceil((1 - tokens) * perToken)
      return Math.max(forToken, closedMs(nowMs))
    },
    /** How long it stays closed. */
    closedMs,
    take(nowMs: number): void {
      fill(nowMs)
      tokens -= 1
    },
    closeUntil(untilMs: number): void {
      closedUntil = Math.max(closedUntil, untilMs)
    },
    /** Changes the rate and keeps the tokens, up to the new burst. */
    change(rate: Rate): void {
      burst = rate.burst
      perToken = 1_000 / rate.perSecond
      tokens = Math.min(tokens, burst)
    }
  }
}
