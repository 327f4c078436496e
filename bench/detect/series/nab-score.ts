import { alarmsOf, type Scored } from './episodes.ts'

/** What counts how much: an anomaly found, one that was missed, and an alarm without one. */
export interface Profile {
  readonly found: number
  readonly missed: number
  readonly falseAlarm: number
}

/** The three of the benchmark. */
export const profiles = {
  standard: { found: 1, missed: 1, falseAlarm: 0.11 },
  'few false alarms': { found: 1, missed: 1, falseAlarm: 0.22 },
  'few missed': { found: 1, missed: 2, falseAlarm: 0.11 }
} as const satisfies Readonly<Record<string, Profile>>

/** Rows at the beginning that do not count: this share of them, and no more than so many. */
const probation = { share: 0.15, most: 750 }

/** 1 long before, 0 at, and −1 from three lengths after the end of a span. */
const sigmoid = (x: number): number => (x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1)

/**
 * The score of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015) at one threshold: 100 for all spans found in their
 * first row and no false alarm, 0 for a detector that says nothing. Only the first row of each alarm is a detection.
 */
export function scoreNab(all: readonly Scored[], threshold: number, profile: Profile): number {
  const spans = all.reduce((sum, { series }) => sum + series.anomalies.length, 0)
  const silent = -spans * profile.missed
  const sum = all.reduce(
    (total, scored) =>
      total +
      weigh(
        scored,
        alarmsOf(scored, threshold).map(([first]) => first),
        profile
      ),
    0
  )
  return (100 * (sum - silent)) / (spans * profile.found - silent)
}

function weigh({ series }: Scored, detections: readonly number[], profile: Profile): number {
  const { anomalies, values } = series
  const begin = Math.min(Math.floor(probation.share * values.length), probation.most)
  const best = anomalies.map(() => Number.NEGATIVE_INFINITY)
  let falseAlarms = 0
  for (const row of detections.filter(one => one >= begin)) {
    const within = anomalies.findIndex(([from, to]) => row >= from && row <= to)
    const [from, to] = anomalies[within] ?? anomalies.findLast(([, last]) => last < row) ?? []
    if (from === undefined || to === undefined) falseAlarms -= profile.falseAlarm
    else if (within === -1) falseAlarms += profile.falseAlarm * sigmoid((row - to) / (to - from))
    else {
      const place = sigmoid((row - to - 1) / (to - from + 1)) / sigmoid(-1)
      best[within] = Math.max(best[within] as number, profile.found * place)
    }
  }
  return best.reduce((sum, one) => sum + Math.max(one, -profile.missed), 0) + falseAlarms
}
