import { type LocalTime, localTimes } from '../../../test/generators/market-day.ts'

/** What an hour of a shop is like, relative to the mean. */
export interface Hour {
  readonly traffic: number
  /** How readily visitors fill a cart. */
  readonly keenness: number
  /** Of visitors. */
  readonly mobileShare: number
}

/** Changes what is usual; `day` counts from 0. */
export type Life = (usual: Hour, local: LocalTime, day: number) => Hour

/** Of the curve below over a day. */
const curveMean = 0.8163
/** From Sunday on. */
const byWeekday = [0.85, 1.1, 1.08, 1.02, 1, 0.95, 1]

/** The usual hours of a shop: quiet nights on which few buy, a broad noon and a higher evening, more mobile visitors late. */
function usualHour({ hours, weekday }: LocalTime): Hour {
  const noon = Math.exp(-(((hours - 12.5) / 3.2) ** 2))
  const evening = Math.exp(-(((hours - 20) / 2.4) ** 2))
  return {
    traffic: ((0.14 + 1.45 * noon + 1.9 * evening) / curveMean) * (byWeekday[weekday] as number),
    keenness: 0.75 + 0.3 * noon + 0.2 * evening,
    mobileShare: 0.48 + 0.2 * evening
  }
}

/** The hours of a shop, one value an instant. */
export function hoursOf(
  timezone: string,
  startMs: number,
  life: Life = usual => usual
): (timeMs: number) => Hour {
  const localTime = localTimes(timezone)
  const first = localTime(startMs).date
  return function hourAt(timeMs) {
    const local = localTime(timeMs)
    return life(usualHour(local), local, local.date - first)
  }
}
