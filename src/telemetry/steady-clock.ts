import type { Clock } from './clock.ts'

/** Share of the time that passes by which the time shown comes nearer to the wall clock: an hour in ten hours. */
const slewShare = 0.1
/** The wall clock was set where it moved by this much more, or less, than time passed; below, it is kept in step. */
const stepMs = 2_000

interface SteadyClockOptions {
  readonly wall: Clock
  /** The wall clock was set, ahead (above 0) or back. */
  readonly onStep: (ms: number) => void
}

/**
 * The wall clock without its steps: what is measured by it takes as long as it takes, and its time never goes back. Where
 * somebody sets the wall clock, it continues from where it was and slowly approaches the new time.
 */
export function steadyClock({ wall, onStep }: SteadyClockOptions): Clock {
  let passed = wall.monotonic()
  let shown = wall.now()
  let gapMs = 0

  function now(): number {
    const at = wall.monotonic()
    const sinceMs = at - passed
    passed = at
    shown += sinceMs
    const gap = wall.now() - shown
    const step = gap - gapMs
    if (Math.abs(step) > stepMs) onStep(Math.round(step))
    const mostMs = sinceMs * slewShare
    shown += Math.min(mostMs, Math.max(-mostMs, gap))
    gapMs = wall.now() - shown
    return Math.floor(shown)
  }

  return { now, monotonic: wall.monotonic, sleep: wall.sleep }
}
