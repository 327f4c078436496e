import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type IBackoff,
  type IBackoffFactory
} from 'cockatiel'
import type { Clock } from '../telemetry/clock.ts'
import type { SendResult } from './notifier.ts'

export interface CircuitBreakerRules {
  /** In a row, until it opens. */
  readonly failures: number
  /** For how long nothing is tried then. */
  readonly pauseMs: number
}

/** `half_open`: the next message is a trial, which closes it or opens it again. */
export type CircuitBreakerState = 'closed' | 'open' | 'half_open'

/** Spares an address that fails, and those who wait for it. Times in milliseconds. */
export interface CircuitBreaker {
  state(nowMs: number): CircuitBreakerState
  /** How long nothing may be tried; 0 means now. */
  waitMs(nowMs: number): number
  /** Runs one try, to be called when none has to wait. Rejects as `send` does. */
  run(send: () => Promise<SendResult>): Promise<SendResult>
}

export function createCircuitBreaker(
  { failures, pauseMs }: CircuitBreakerRules,
  clock: Clock
): CircuitBreaker {
  let openUntil = Number.NEGATIVE_INFINITY
  const breaks: IBackoffFactory<unknown> = { next: beginPause }

  /** Cockatiel holds a pause against the wall clock, so it is endless until it is over by ours. */
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
    halfOpenAfter: breaks
  })

  const waitMs = (nowMs: number) => (policy.state === CircuitState.Open ? Math.max(0, openUntil - nowMs) : 0)
  return {
    waitMs,
    state(nowMs) {
      if (policy.state === CircuitState.Closed) return 'closed'
      return waitMs(nowMs) > 0 ? 'open' : 'half_open'
    },
    run: send => policy.execute(send)
  }
}

/** A refusal is an answer, and so is a receiver's word on when to come again. */
function isFailure(result: unknown): boolean {
  const { kind, retryAfterMs } = result as Extract<SendResult, { kind: 'retry' }>
  return kind === 'retry' && retryAfterMs === undefined
}
