import { setRecent } from '../delivery/newest-entries.ts'
import { minuteMs } from '../time/units.ts'

/** Keys beyond this forget the one that was used longest ago. */
const mostKeys = 20_000

/** So many a minute by key, in any minute. */
export function createRateWindow(perMinute: () => number) {
  const times = new Map<string, number[]>()

  function recent(key: string, nowMs: number): number[] {
    const kept = (times.get(key) ?? []).filter(at => nowMs - at < minuteMs)
    if (kept.length === 0) times.delete(key)
    return kept
  }

  return {
    /** Milliseconds until another one is accepted; 0 where it is now. */
    waitMs(key: string, nowMs: number): number {
      const kept = recent(key, nowMs)
      const free = kept.at(-perMinute())
      return free === undefined ? 0 : free + minuteMs - nowMs
    },
    take(key: string, atMs: number): void {
      const kept = [...recent(key, atMs), atMs].sort((a, b) => a - b)
      setRecent(times, key, kept, mostKeys)
    },
    /** It was not accepted after all. */
    giveBack(key: string, atMs: number): void {
      const kept = times.get(key)
      const index = kept?.lastIndexOf(atMs) ?? -1
      if (index >= 0) kept?.splice(index, 1)
    }
  }
}
