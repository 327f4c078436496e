import type { Clock } from '../../src/telemetry/clock.ts'

/** A clock that stands until it is told to go on; whoever sleeps wakes in the order of time. */
export interface ManualClock extends Clock {
  advance(ms: number): Promise<void>
  /** Time passes and nobody wakes: the process stands still. */
  stand(ms: number): void
}

export function createManualClock(startMs: number): ManualClock {
  let now = startMs
  let sleepers: { at: number; wake: () => void }[] = []

  /** Lets everything that is ready to run do so. */
  const settle = () => new Promise<void>(resolve => setImmediate(resolve))

  return {
    now: () => now,
    monotonic: () => now,
    sleep: ms => new Promise(wake => void sleepers.push({ at: now + ms, wake })),
    stand(ms) {
      now += ms
    },
    async advance(ms) {
      const until = now + ms
      await settle()
      while (true) {
        const due = sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        sleepers = sleepers.filter(sleeper => sleeper !== due)
        now = Math.max(now, due.at)
        due.wake()
        await settle()
      }
      now = until
    }
  }
}
