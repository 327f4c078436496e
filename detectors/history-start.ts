import type { WindowMetrics } from '../src/metrics/types.ts'
import { dayMs, minuteMs } from '../src/time/units.ts'

/** History that has so many windows with events goes on through any silence shorter than a day. */
const sustainedWindows = 30
/** The newest windows show what traffic is by now. */
const lately = 10
/** Before sustained traffic there is less than this share of its events, at less than this share of its rate. */
const strayEvents = 1 / 4
const strayRate = 1 / 20
/** Of the mean of the newest windows: the first with as many is where a burst begins. */
const burstBegins = 1 / 4
/** A first window with less than this share of the next ones' mean is cut off, where chance does not explain it. */
const cutShare = 3 / 4
const cutWindows = 5
const leastMean = 20

/**
 * Finds where traffic begins to be sustained. A few events that lie hours or years before it are no history: a silence
 * longer than all that was before it ends what was not sustained yet, and so does traffic that dwarfs it.
 */
export function createHistoryStart(windowMs: number) {
  const longSilence = dayMs / windowMs
  const longPause = Math.max(1, (5 * minuteMs) / windowMs)
  let newestWindows: WindowMetrics[] = []
  let first = Number.NaN
  let last = Number.NaN
  let windowsWithEvents = 0
  /** Of the windows before the newest ones. */
  let eventsBefore = 0

  function begin(window: number): void {
    newestWindows = []
    first = window
    windowsWithEvents = 0
    eventsBefore = 0
  }

  function followsLongSilence(window: number): boolean {
    const silence = window - last - 1
    const isSustained = windowsWithEvents >= sustainedWindows
    return silence > last - first + 1 && silence > (isSustained ? longSilence : longPause)
  }

  /** Where among the newest windows the traffic begins that dwarfs all before them. */
  function burstStart(window: number): number | undefined {
    if (windowsWithEvents >= sustainedWindows) return undefined
    const windowsBefore = window - first + 1 - newestWindows.length
    if (windowsBefore < 1) return undefined
    const events = newestWindows.reduce((sum, one) => sum + eventsOf(one), 0)
    if (eventsBefore > strayEvents * events) return undefined
    if (eventsBefore / windowsBefore > (strayRate * events) / lately) return undefined
    return newestWindows.findIndex(one => eventsOf(one) >= (burstBegins * events) / lately)
  }

  /** Where traffic begins behind a window that was cut off: a topic mostly begins within a minute. */
  function behindCut(): number | undefined {
    const [head, ...next] = newestWindows
    if (head === undefined || next.length !== cutWindows || eventsBefore > 0) return undefined
    const mean = next.reduce((sum, one) => sum + eventsOf(one), 0) / cutWindows
    const isCut = eventsOf(head) < Math.min(cutShare * mean, mean - 3 * Math.sqrt(mean))
    return isCut && mean >= leastMean && next.every(one => eventsOf(one) > mean / 2) ? 1 : undefined
  }

  function remember(window: WindowMetrics): void {
    newestWindows.push(window)
    for (const left of newestWindows.splice(0, newestWindows.length - lately)) eventsBefore += eventsOf(left)
  }

  return {
    /** The windows to learn anew where history begins with this window or shortly before it; undefined where it goes on. */
    enter(window: WindowMetrics): readonly WindowMetrics[] | undefined {
      const index = Math.round(window.start / windowMs)
      const hasEvents = eventsOf(window) > 0
      if (Number.isNaN(first)) begin(index)
      const isAnew = hasEvents && followsLongSilence(index)
      if (isAnew) begin(index)
      if (hasEvents) {
        windowsWithEvents += 1
        last = index
      }
      remember(window)
      if (isAnew) return []
      const start = burstStart(index) ?? behindCut()
      if (start === undefined) return undefined
      const burst = newestWindows.slice(start)
      const [begins] = burst
      if (begins === undefined) return undefined
      begin(Math.round(begins.start / windowMs))
      for (const one of burst) remember(one)
      windowsWithEvents = burst.filter(one => eventsOf(one) > 0).length
      return burst.slice(0, -1)
    }
  }
}

const eventsOf = ({ values, records }: WindowMetrics): number => values.get('events')?.numerator ?? records
