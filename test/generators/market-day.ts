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

const weekdayFactors = [1.25, 0.95, 0.9, 0.9, 0.95, 1.05, 1.2]

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

/** Expected traffic relative to the mean: piecewise linear over the local day, a step from day to day. */
export function marketCurve({ weekday, hours }: LocalTime): number {
  const next = knots.findIndex(([hour]) => hour > hours)
  const [hour, value] = knots[next] as readonly [number, number]
  const [before, valueBefore] = knots[next - 1] as readonly [number, number]
  const shape = valueBefore + ((value - valueBefore) * (hours - before)) / (hour - before)
  return ((weekdayFactors[weekday] as number) * shape) / knotMean
}
