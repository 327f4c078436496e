import { minuteMs } from '../time/units.ts'

/** Limits new messages per key in any minute. Times in milliseconds. */
export function createKeyRateLimit(perMinute: number) {
  const takenAt = new Map<string, readonly number[]>()
  let prunedAt = Number.NEGATIVE_INFINITY
  return {
    /** How long until the next message of the key may go; 0 means now. */
    waitMs(key: string, nowMs: number): number {
      const first = takenAt.get(key)?.at(-perMinute)
      return first === undefined ? 0 : Math.max(0, first + minuteMs - nowMs)
    },
    take(key: string, nowMs: number): void {
      const lately = (takenAt.get(key) ?? []).filter(time => time > nowMs - minuteMs)
      takenAt.set(key, [...lately, nowMs])
      if (nowMs - prunedAt < minuteMs) return
      prunedAt = nowMs
      for (const [known, times] of takenAt) {
        const last = times.at(-1) ?? nowMs
        if (last <= nowMs - minuteMs) takenAt.delete(known)
      }
    }
  }
}
