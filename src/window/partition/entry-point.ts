import type { WindowTiming } from '../types.ts'

/** Events at the entry into a log that are looked at for where it was. */
const settlingEvents = 100

/** Where reading entered the log: windows that start before it lack records that lie before that place. */
export function createEntryPoint(
  { sizeMs, graceMs }: Pick<WindowTiming, 'sizeMs' | 'graceMs'>,
  /** Some event of the partition is known. */
  hasEvents: () => boolean,
  from: number | undefined
) {
  let incompleteUntil = from
  let settling = 0
  let leastLagMs = Number.POSITIVE_INFINITY

  /** Further events say nothing new. */
  const isSettled = () => incompleteUntil !== undefined && settling === 0

  /** The event first read may be a straggler: one that came far sooner after its time tells better where we entered. */
  function enter(time: number, lagMs: number): void {
    if (incompleteUntil === undefined) settling = settlingEvents
    else settling--
    if (incompleteUntil !== undefined && lagMs >= leastLagMs - sizeMs) return
    leastLagMs = lagMs
    incompleteUntil = Math.max(incompleteUntil ?? Number.NEGATIVE_INFINITY, time + graceMs)
  }

  return {
    isSettled,
    /** A counted event. The first of a log entered in its middle tells where that was. */
    see(eventTime: number, recordTime: number): void {
      if (!isSettled()) enter(eventTime, recordTime - eventTime)
    },
    /** Records were lost: the next one tells how far. */
    loseRecords(): void {
      incompleteUntil = undefined
    },
    /** Windows that start before `time` may lack records. */
    extendTo(time: number): void {
      if (incompleteUntil !== undefined) incompleteUntil = Math.max(incompleteUntil, time)
    },
    isIncomplete: (start: number) => (incompleteUntil === undefined ? hasEvents() : start < incompleteUntil),
    incompleteUntil: () => incompleteUntil
  }
}
