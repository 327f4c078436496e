import type { Partitions } from './partitions.ts'

/**
 * Whether the first windows must wait. A partition without a record holds back nothing; but when events begin to come,
 * those of one partition are read before those of another, which must not be late for that.
 */
export function createFirstEventsWait(partitions: Partitions, idleMs: number): (nowMs: number) => boolean {
  let firstSeenAt: number | undefined
  return function mustWait(nowMs) {
    const times = [...partitions.values()].map(one => one.maxEventTime())
    if (times.every(time => time === undefined)) return false
    firstSeenAt ??= nowMs
    return nowMs - firstSeenAt < idleMs && times.includes(undefined)
  }
}
