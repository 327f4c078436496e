/** One window, or several added up. Times in milliseconds since the epoch. */
export interface ChartPoint {
  readonly at: number
  readonly value: number | null
  readonly expected: number | null
  /** Outside these a finding would begin; null where that side is not watched. */
  readonly lower: number | null
  readonly upper: number | null
  /** The least and the greatest window of those that are added up. */
  readonly least?: number | null
  readonly greatest?: number | null
  /** Where to an anomaly went that ends here; null where there is none. */
  readonly anomaly: 'drop' | 'rise' | null
}

/** Something that happened: a deploy, a campaign, an entry of the calendar, an incident. */
export interface ChartMark {
  readonly from: number
  /** Equal to `from` for a moment. */
  readonly to: number
  readonly label: string
  readonly kind: 'change' | 'calendar' | 'incident'
}

/** Runs of points next to each other for which something holds, as indexes of their first and last. */
export function runsOf(
  points: readonly ChartPoint[],
  holds: (point: ChartPoint) => boolean
): readonly (readonly [number, number])[] {
  const runs: [number, number][] = []
  for (const [index, point] of points.entries()) {
    if (!holds(point)) continue
    const last = runs.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else runs.push([index, index])
  }
  return runs
}

/** Windows that are judged. Where one has no edge on a side, nothing on that side is unusual in it. */
export const isJudged = ({ expected }: ChartPoint): boolean => expected !== null

export const isAnomalous = ({ anomaly }: ChartPoint): boolean => anomaly !== null

/** A series of which no window has an edge has no band: any value of a single window may be chance. */
export const hasBand = (points: readonly ChartPoint[]): boolean =>
  points.some(({ lower, upper }) => lower !== null || upper !== null)

/** The least and the greatest number that a chart has to have room for. */
export function rangeOf(points: readonly ChartPoint[], isFromZero: boolean): [number, number] {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (const { value, expected, lower, upper, least: low, greatest: high } of points)
    for (const one of [value, expected, lower, upper, low, high]) {
      if (one === null || one === undefined) continue
      least = Math.min(least, one)
      greatest = Math.max(greatest, one)
    }
  if (greatest < least) return [0, 1]
  const from = isFromZero ? Math.min(0, least) : least
  const room = (greatest - from) * 0.08 || Math.abs(greatest) * 0.08 || 1
  return [isFromZero && least >= 0 ? 0 : from - room, greatest + room]
}
