import { setTimeout as sleep } from 'node:timers/promises'

/** The time, injected: only main.ts and tests build one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since any moment: nobody sets it, but it may stand while the machine sleeps. */
  monotonic(): number
  /** Resolves after `ms`; holds no process open. */
  sleep(ms: number): Promise<void>
}

export const wallClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: ms => sleep(ms, undefined, { ref: false })
}
