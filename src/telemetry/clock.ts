/** The time, injected: only main.ts and tests build one. `now` is in milliseconds since the epoch. */
export interface Clock {
  now(): number
}

export const wallClock: Clock = { now: () => Date.now() }
