import { minuteMs } from '../time/units.ts'

/** Limits new messages per key in any minute. Times in milliseconds. */
export function createKeyRateLimit(perMinute: number) {
  const takenAt = new Map<string, readonly number[]>()
  return {
    /** How long until the next message of the key may go; 0 means now. */
    waitMs(key: string, nowMs: number): number {
      const first = takenAt.get(key)?.at(-perMinute)
      return first === undefined ? 0 : Math.max(0, first + minuteMs - nowMs)
    },
    take(key: string, nowMs: number): void {
      takenAt.set(key, [...(takenAt.get(key) ?? []), nowMs])
      for (const [known, times] of takenAt) {
        const lately = times.filter(time => time > nowMs - minuteMs)
        if (lately.length > 0) takenAt.set(known, lately)
        else takenAt.delete(known)
      }
    }
  }
}
