import type { Measured } from './measurement.ts'
import { whole } from './ranges.ts'
import { improbableAlone, type ScanOptions } from './window-scan.ts'

/** What one window says of a scan, by what was known before it. */
export interface Edge {
  readonly measured: Measured
  /**
   * In the measure's unit: from it on, the scan would find the newest window by itself, were one window enough for it;
   * undefined where no value would do.
   */
  readonly at: number | undefined
}

/** An edge lies this close to where it is, as a share of it. */
const tolerance = 1e-3
const mostSteps = 40
/** Nothing is rarer than this. */
const leastProbability = 1e-300
/** The half of all windows that lie beyond what was expected. */
const half = Math.sqrt(Math.LN2)

/** Undefined where there is nothing to compare the window with. */
export function edgeOf({ direction, measure, rule, mildRule, span }: ScanOptions): Edge | undefined {
  const measured = measure(whole(1))
  if (!measured || measured.windows < 1 || !(measured.expected > 0)) return undefined
  const { expected } = measured
  const had = measured.probabilityHad ?? measured.probability
  const isRuled = (value: number): boolean => {
    const seen = { ...measured, observed: value, zScore: () => measured.zScore(value) }
    return rule(seen) && mildRule(seen)
  }
  const least = Math.sqrt(-Math.log(improbableAlone(span)))
  // Its root grows about as the count's own root does, so that a straight line nearly meets the edge.
  const oddness = (value: number): number =>
    Math.sqrt(Math.max(0, -Math.log(Math.max(leastProbability, had(direction, value))))) - least
  const found =
    direction === 'drop'
      ? dropEdge(expected, isRuled, oddness)
      : riseEdge(expected, isRuled, oddness, half - least)
  return { measured, at: found }
}

type IsRuled = (value: number) => boolean
type Oddness = (value: number) => number
/** A value, and how odd it is. */
type Place = readonly [value: number, oddness: number]

function dropEdge(expected: number, isRuled: IsRuled, oddness: Oddness): number | undefined {
  if (!isRuled(0)) return undefined
  const atNone = oddness(0)
  if (atNone < 0) return undefined
  const ruled = nearest(0, expected, isRuled)
  const atRuled = oddness(ruled)
  return atRuled >= 0 ? ruled : between([ruled, atRuled], [0, atNone], oddness)
}

function riseEdge(expected: number, isRuled: IsRuled, oddness: Oddness, usual: number): number | undefined {
  let beyond = 2 * expected
  for (let step = 0; step < mostSteps && !isRuled(beyond); step += 1) beyond *= 2
  if (!isRuled(beyond)) return undefined
  const ruled = nearest(beyond, expected, isRuled)
  const atRuled = oddness(ruled)
  if (atRuled >= 0) return ruled
  let near: Place = [ruled, atRuled]
  let far = reach(expected, usual, ruled, atRuled)
  for (let step = 0; step < mostSteps; step += 1) {
    const atFar = oddness(far)
    if (atFar >= 0) return between(near, [far, atFar], oddness)
    near = [far, atFar]
    far *= 2
  }
  return undefined
}

/** Where the line through what is usual and what the rule asks for says that it is odd enough, and a little further. */
function reach(expected: number, usual: number, ruled: number, atRuled: number): number {
  const [from, to] = [Math.sqrt(expected), Math.sqrt(ruled)]
  const slope = (atRuled - usual) / (to - from)
  return slope > 0 ? (1.05 * (to - atRuled / slope)) ** 2 : 2 * ruled
}

/** The value nearest to `inside` for which the rule holds, which holds at `beyond`. */
function nearest(beyond: number, inside: number, isRuled: IsRuled): number {
  if (isRuled(inside)) return inside
  let [held, other] = [beyond, inside]
  for (let step = 0; step < mostSteps && !isNear(held, other); step += 1) {
    const middle = (held + other) / 2
    if (isRuled(middle)) held = middle
    else other = middle
  }
  return held
}

/** Between a value that is not odd enough and one that is, the nearest that is: by false position. */
function between([inside, atInside]: Place, [beyond, atBeyond]: Place, oddness: Oddness): number {
  let [low, high] = [Math.sqrt(inside), Math.sqrt(beyond)]
  let [atLow, atHigh] = [atInside, atBeyond]
  for (let step = 0; step < mostSteps && !isNear(low ** 2, high ** 2); step += 1) {
    const onLine = low + ((high - low) * atLow) / (atLow - atHigh)
    const one = apart(onLine, low, high)
    const at = oddness(one ** 2)
    if (at >= 0) {
      ;[high, atHigh] = [one, at]
      atLow /= 2
    } else {
      ;[low, atLow] = [one, at]
      atHigh /= 2
    }
  }
  return high ** 2
}

/** Not too close to either end: where one of them is at the edge already, the next step closes in from its other side. */
function apart(value: number, one: number, other: number): number {
  const [least, most] = one < other ? [one, other] : [other, one]
  const gap = Math.min(0.2 * tolerance * most, (most - least) / 2)
  return Math.min(Math.max(value, least + gap), most - gap)
}

const isNear = (one: number, other: number): boolean =>
  Math.abs(one - other) <= tolerance * Math.max(one, other)
