import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll, type IBackoff } from 'cockatiel'
import type { Clock } from '../telemetry/clock.ts'
import type { SendResult } from './channel.ts'

export interface CircuitBreakerRules {
  /** Failures in a row that open it. */
  readonly failures: number
  /** How long nothing is sent then. */
  readonly pauseMs: number
}

/** `half_open`: the next message closes it or opens it again. */
export type CircuitBreakerState = 'closed' | 'open' | 'half_open'

/** Stops sends to an address that keeps failing. Times in milliseconds. */
export function createCircuitBreaker({ failures, pauseMs }: CircuitBreakerRules, clock: Clock) {
  let openUntil = Number.NEGATIVE_INFINITY

  /** Cockatiel measures the pause by the wall clock, so it gets an infinite one until it is over by our clock. */
  function beginPause(): IBackoff<unknown> {
    openUntil = clock.now() + pauseMs
    return {
      get duration() {
        return clock.now() < openUntil ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      },
      next: beginPause
    }
  }

  const policy = circuitBreaker(handleAll.orWhenResult(isFailure), {
    breaker: new ConsecutiveBreaker(failures),
    halfOpenAfter: { next: beginPause }
  })

  const waitMs = (nowMs: number) => (policy.state === CircuitState.Open ? Math.max(0, openUntil - nowMs) : 0)
  return {
    /** How long nothing may be sent; 0 means now. */
    waitMs,
    state(nowMs: number): CircuitBreakerState {
      if (policy.state === CircuitState.Closed) return 'closed'
      return waitMs(nowMs) > 0 ? 'open' : 'half_open'
    },
    /** To be called when `waitMs` is 0. Rejects if `send` does. */
    run: (send: () => Promise<SendResult>): Promise<SendResult> => policy.execute(send)
  }
}

/** A refusal, a Retry-After and a mail that some recipients took are answers: the receiver works. */
function isFailure(result: unknown): boolean {
  const { kind, retryAfterMs, isOfPart } = result as Extract<SendResult, { kind: 'retry' }>
  return kind === 'retry' && retryAfterMs === undefined && isOfPart !== true
}
