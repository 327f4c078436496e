import { countZScore } from './improbability.ts'
import type { Series } from './series.ts'

/** Beyond this a span is set aside before it moves the baseline it may have to be judged against. */
const oddZScore = 3.5
const longestSpan = 15

/** The shortest span, in windows, that lies far from its baseline in either direction; 0 where none does. */
export function oddSpan(series: Series, spans: readonly number[]): number {
  for (const span of spans) {
    if (span > longestSpan) return 0
    const seen = span > 1 ? series.compare(span) : undefined
    if (!seen || seen.windows < span || seen.exposure <= 0) continue
    const scale = seen.unit
    const { mean, dispersion, levelSd } = seen.expectation
    const z = countZScore(seen.observed / scale, {
      mean: mean / scale,
      dispersion: dispersion / scale,
      levelSd
    })
    if (Math.abs(z) > oddZScore) return span
  }
  return 0
}
