import type { Reading } from './comparison.ts'
import { createLevelTracker } from './level-tracker.ts'
import { singleTrackerSeries } from './rate-series.ts'
import { rollingDynamics, type Series, type SeriesOptions, trackerParts } from './series.ts'

/** The logarithm of an amount in ten-thousandths of a unit is about this: that of 44 units. */
const usualLog = 13
/** Amounts that stray by a factor of 3, until it is learned, and never by less than a third. */
const usualVariance = 1.2
const leastVariance = 0.1
const priorTerms = 30

/**
 * The mean logarithm of amounts, each in ten-thousandths of a unit so that none is negative. An amount that strays by a
 * share is a logarithm that strays by a thirteenth of it.
 */
export function logSeries({ baseline, ...rest }: SeriesOptions): Series {
  const fine = {
    ...baseline,
    leastLevelSpread: baseline.leastLevelSpread / usualLog,
    rateWanderPerHour: baseline.rateWanderPerHour / usualLog
  }
  const options = { ...rest, baseline: fine }
  const parts = trackerParts(options, baseline.rateSpread / usualLog)
  const dynamics = rollingDynamics(options, false)
  const kept = 1 - 1 / parts.spread.memoryWindows
  let variance = usualVariance
  let deviations = 0
  let terms = 0
  let newest: Reading | undefined
  const dispersion = (level: number) => variance / Math.exp(level)
  // In units of its dispersion it strays as a count does.
  const track = createLevelTracker({ ...parts, dynamics: () => dynamics, dispersion, unit: dispersion })
  const series = singleTrackerSeries(track, () => {
    const level = track.level()?.level
    if (!newest || level === undefined || !(newest.exposure > 0)) return
    const { count, exposure, squares = 0 } = newest
    const mean = Math.exp(level)
    deviations = deviations * kept + Math.max(0, squares - 2 * mean * count + exposure * mean ** 2)
    terms = terms * kept + exposure
    variance = Math.max(leastVariance, (priorTerms * usualVariance + deviations) / (priorTerms + terms))
  })
  return {
    ...series,
    enter(at, reading) {
      newest = reading
      series.enter(at, reading)
    }
  }
}
