import type { Measure, Measured } from './measurement.ts'
import { newest } from './ranges.ts'
import { droppedBy } from './thresholds.ts'
import type { ScanHit } from './window-scan.ts'

export interface SlowLeakOptions {
  /** Against a baseline that wanders too little to follow a leak. */
  readonly measure: Measure
  /** Trailing sums, and how far the baseline before them lies back. */
  readonly spans: readonly number[]
  /** Smaller falls are none, as a share. */
  readonly leastDrop: number
  readonly maxPValue: number
}

export interface SlowLeak extends ScanHit {
  /** The baseline is that of so many windows ago. */
  readonly back: number
}

/** A quarter of a long span is long too: a leak is over when these newest windows do not show it. */
const latelyWindows = 15
const stillShare = 0.6
/** More windows than this reach too far back into how it was before. */
const longestLeak = 120

/** A leak shows best in the newest windows, against the baseline of hours before. A span begins after the last sudden drop. */
export function createSlowLeak({ measure, spans, leastDrop, maxPValue }: SlowLeakOptions) {
  const leaks = spans.flatMap(back =>
    spans.filter(span => span <= back && span <= longestLeak).map(span => ({ back, span }))
  )
  // A short span is another draw more often: by its length, all lead to as many errors of chance in a day.
  const longest = Math.max(...leaks.map(({ span }) => span))
  const leastProbable = (span: number) => (maxPValue / leaks.length) * (span / longest)
  const rule = droppedBy(leastDrop)

  return function find(windowsSinceDrop: number): SlowLeak | undefined {
    for (const { back, span } of leaks) {
      if (span > windowsSinceDrop) continue
      const measured = measure(newest(back, span))
      if (!measured || measured.windows < span / 2 || !rule(measured)) continue
      const probability = measured.probability('drop')
      if (probability > leastProbable(span)) continue
      const lately = measure(newest(back, latelyWindows))
      if (lately && dropOf(lately) >= stillShare * dropOf(measured))
        return { span, back, measured, probability }
    }
    return undefined
  }
}

const dropOf = ({ observed, expected }: Measured) => 1 - observed / expected
