/** Hour of local day and relative traffic: nearly empty nights, a lunch peak and a higher one in the evening. */
const knots: readonly (readonly [number, number])[] = [
  [0, 0.45],
  [1.5, 0.15],
  [5, 0.07],
  [7, 0.35],
  [9, 0.9],
  [11.5, 1.2],
  [12.5, 1.9],
  [14, 1.15],
  [17, 1.3],
  [20.5, 2.3],
  [22.5, 1.1],
  [24, 0.45]
]
const knotMean = knots.slice(1).reduce((sum, [hour, value], index) => {
  const [before, valueBefore] = knots[index] as readonly [number, number]
  return sum + ((hour - before) * (value + valueBefore)) / 48
}, 0)

export interface LocalTime {
  /** Days since the epoch on the local calendar. */
  readonly date: number
  readonly weekday: number
  readonly hours: number
}

/** Local time of an IANA zone, summer time included; the offset is looked up once an hour. */
export function localTimes(timeZone: string): (timeMs: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric'
  })
  const offsets = new Map<number, number>()
  const offsetAt = (hour: number): number => {
    const known = offsets.get(hour)
    if (known !== undefined) return known
    const part = Object.fromEntries(
      format.formatToParts(hour * 3_600_000).map(({ type, value }) => [type, Number(value)])
    ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>
    const offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - hour * 3_600_000
    offsets.set(hour, offset)
    return offset
  }
  return function localTime(timeMs) {
    const localMs = timeMs + offsetAt(Math.floor(timeMs / 3_600_000))
    const date = Math.floor(localMs / 86_400_000)
    return { date, weekday: (date + 4) % 7, hours: (localMs - date * 86_400_000) / 3_600_000 }
  }
}

/** Traffic and conversion relative to the mean at a time of the day on a weekday, 0 being Sunday. */
export interface MarketWeek {
  readonly traffic: (local: LocalTime) => number
  readonly conversion: (local: LocalTime) => number
}

const mild = [1.25, 0.95, 0.9, 0.9, 0.95, 1.05, 1.2]
const isWeekend = (weekday: number) => weekday === 0 || weekday === 6

const onDays =
  (factors: readonly number[]) =>
  ({ weekday, hours }: LocalTime): number =>
    (factors[weekday] as number) * dayCurve(hours)

export const marketWeeks = {
  usual: { traffic: onDays(mild), conversion: () => 1 },
  quiet_weekends: { traffic: onDays([0.3, 1.28, 1.28, 1.28, 1.28, 1.28, 0.3]), conversion: () => 1 },
  browsing_weekends: {
    traffic: onDays([1.4, 0.84, 0.84, 0.84, 0.84, 0.84, 1.4]),
    conversion: ({ weekday }) => (isWeekend(weekday) ? 0.6 : 1.1)
  },
  closed_sundays: {
    traffic: local => (local.weekday === 0 ? 0 : onDays(mild)(local)),
    conversion: () => 1
  },
  opening_hours: {
    traffic: local => (local.hours >= 8 && local.hours < 20 ? onDays(mild)(local) : 0),
    conversion: () => 1
  }
} satisfies Record<string, MarketWeek>
export type MarketWeekName = keyof typeof marketWeeks

/** Piecewise linear over the local day, 1 in the mean. */
function dayCurve(hours: number): number {
  const next = knots.findIndex(([hour]) => hour > hours)
  const [hour, value] = knots[next] as readonly [number, number]
  const [before, valueBefore] = knots[next - 1] as readonly [number, number]
  return (valueBefore + ((value - valueBefore) * (hours - before)) / (hour - before)) / knotMean
}
