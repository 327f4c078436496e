export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** A token bucket that a receiver's Retry-After can close. Times in milliseconds. */
export interface Bucket {
  /** How long until the next message may go; 0 means now. */
  waitMs(nowMs: number): number
  take(nowMs: number): void
  closeUntil(untilMs: number): void
}

export function createBucket({ perSecond, burst }: Rate): Bucket {
  const perToken = 1_000 / perSecond
  let tokens = burst
  let filledAt = Number.NEGATIVE_INFINITY
  let closedUntil = Number.NEGATIVE_INFINITY

  function fill(nowMs: number): void {
    if (filledAt !== Number.NEGATIVE_INFINITY) {
      tokens = Math.min(burst, tokens + Math.max(0, nowMs - filledAt) / perToken)
    }
    filledAt = nowMs
  }

  return {
    waitMs(nowMs) {
      fill(nowMs)
      const forToken = tokens >= 1 ? 0 : Math.ceil((1 - tokens) * perToken)
      return Math.max(forToken, closedUntil - nowMs, 0)
    },
    take(nowMs) {
      fill(nowMs)
      tokens -= 1
    },
    closeUntil(untilMs) {
      closedUntil = Math.max(closedUntil, untilMs)
    }
  }
}
