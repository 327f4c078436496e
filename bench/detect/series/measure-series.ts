import type { Sheet } from '../../sheet.ts'
import { type Scored, scoreEvents } from './episodes.ts'
import { scoredByKind } from './kinds.ts'
import type { Labelled } from './labelled.ts'
import { type Profile, profiles, scoreNab } from './nab-score.ts'
import { ewma, holtWinters, percentChange, rollingZScore, type Scorer, seasonalMedian } from './plain.ts'

interface Detector {
  readonly name: string
  readonly scorer: Scorer
  /** What it is used with. */
  readonly threshold: number
}

/** The detectors that are compared, each with the threshold that it is used with. */
export const compared: readonly Detector[] = [
  { name: 'percent change, 50 %', scorer: percentChange, threshold: 0.5 },
  { name: 'rolling z-score, 3', scorer: rollingZScore, threshold: 3 },
  { name: 'EWMA, 3', scorer: ewma, threshold: 3 },
  { name: 'Holt-Winters by day, 3', scorer: holtWinters, threshold: 3 },
  { name: 'seasonal median and MAD of roots, 4', scorer: seasonalMedian, threshold: 4 },
  { name: '`metric_change`', scorer: scoredByKind('metric_change'), threshold: 5 },
  { name: '`metric_anomaly`', scorer: scoredByKind('metric_anomaly'), threshold: -Math.log10(0.0025) }
]

/** Thresholds that a tuned one is looked for among: this many shares of the rows that are odder, each a fifth of its length further. */
const tried = 60

/** Runs the detectors one by one. `onDone` hears of each series. */
function scoreAll(all: readonly Labelled[], { scorer }: Detector, onDone: () => void): readonly Scored[] {
  return all.map(series => {
    const scores = scorer(series)
    onDone()
    return { series, scores }
  })
}

/** Whole anomalies found, at the threshold in use and at the one that is best for these very series. */
export function eventSheet(all: readonly Labelled[], onDone: () => void): Sheet {
  return {
    head: [
      'detector',
      'F1',
      'precision',
      'found',
      'false alarms a week',
      'median delay, min',
      'F1 at the best threshold'
    ],
    rows: compared.map(detector => {
      const scored = scoreAll(all, detector, onDone)
      const score = scoreEvents(scored, detector.threshold)
      const best = greatest(scored, threshold => scoreEvents(scored, threshold).f1)
      return [
        detector.name,
        score.f1.toFixed(2),
        score.precision.toFixed(2),
        `${score.found} of ${score.anomalies}`,
        score.falseAlarmsAWeek.toFixed(2),
        score.delay?.toFixed(0) ?? '',
        Math.max(best, score.f1).toFixed(2)
      ]
    })
  }
}

/** The benchmark's score by its three profiles, at the threshold in use, and the standard one at the best threshold. */
export function nabSheet(all: readonly Labelled[], onDone: () => void): Sheet {
  const each: readonly [string, Profile][] = Object.entries(profiles)
  return {
    head: ['detector', ...each.map(([name]) => name), 'standard at the best threshold'],
    rows: compared.map(detector => {
      const scored = scoreAll(all, detector, onDone)
      const own = each.map(([, profile]) => scoreNab(scored, detector.threshold, profile))
      const best = greatest(scored, threshold => scoreNab(scored, threshold, profiles.standard))
      return [
        detector.name,
        ...own.map(score => score.toFixed(1)),
        Math.max(best, own[0] as number).toFixed(1)
      ]
    })
  }
}

/** The greatest value over thresholds from a fifth of all rows that are odd at all to the oddest ones. */
function greatest(scored: readonly Scored[], valueAt: (threshold: number) => number): number {
  const odd = Float64Array.from(scored.flatMap(({ scores }) => [...scores].filter(score => score > 0))).sort()
  if (odd.length === 0) return Number.NEGATIVE_INFINITY
  const thresholds = Array.from(
    { length: tried },
    (_, index) => odd[Math.floor(odd.length * (1 - 0.2 * 0.85 ** index))] as number
  )
  return Math.max(...new Set(thresholds.map(valueAt)))
}
