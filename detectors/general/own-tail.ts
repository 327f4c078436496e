import { dayMs, hourMs } from '../../src/time/units.ts'

/** How rarely a series of one's own deviates so far. */
export interface OwnTail {
  /** The probability of a deviation at least this great, by those that were learnt; 1 before there are enough. */
  probability(deviation: number): number
  learn(deviation: number): void
}

/** Deviations that a tail is read from at least. */
const leastSeen = 30
/** What half, a tenth and a fiftieth of all deviations exceed until they are learnt, which weighs as much as so many. */
const prior = { half: 0.9, tenth: 2.6, fiftieth: 3.2, weight: 200 }
/** The tail falls by a factor of e in no less. */
const leastFall = 0.5
/** A deviation counts as no greater than the tenth and so many falls: a wild one swallows no others for good. */
const mostFalls = 20
const memoryDays = 7
/** Until so many were seen, the tail is read anew with each. */
const few = 100

/**
 * Deviations of about a week: below the tenth part that is greatest as they are, beyond it an exponential tail through
 * the greatest tenth and fiftieth of them. That is the peaks-over-threshold method of extreme values with a shape of 0
 * (Pickands 1975; for streams Siffer et al. 2017), by quantiles, which a few anomalies among them do not move.
 */
export function createOwnTail(windowMs: number): OwnTail {
  const capacity = Math.max(leastSeen, Math.round((memoryDays * dayMs) / windowMs))
  const everyWindows = Math.max(1, Math.round(hourMs / windowMs))
  const seen = new Float64Array(capacity)
  const sorted = new Float64Array(capacity)
  let learnt = 0
  let { half, tenth } = prior
  let fall = fallOf(prior.tenth, prior.fiftieth)

  function read(): void {
    const count = Math.min(learnt, capacity)
    sorted.set(seen)
    const inOrder = sorted.subarray(0, count).sort()
    const own = count / (count + prior.weight)
    const at = (part: number, before: number) =>
      own * (inOrder[Math.min(count - 1, Math.floor(part * count))] as number) + (1 - own) * before
    half = at(0.5, prior.half)
    tenth = Math.max(at(0.9, prior.tenth), half + 0.1)
    fall = fallOf(tenth, at(0.98, prior.fiftieth))
  }

  return {
    probability(deviation) {
      if (learnt < leastSeen) return 1
      if (deviation <= half) return 0.5
      if (deviation <= tenth) return 0.5 * 0.2 ** ((deviation - half) / (tenth - half))
      return 0.1 * Math.exp(-(deviation - tenth) / fall)
    },
    learn(deviation) {
      seen[learnt % capacity] = Math.min(deviation, tenth + mostFalls * fall)
      learnt += 1
      if (learnt < few || learnt % everyWindows === 0) read()
    }
  }
}

/** From a tenth to a fiftieth it falls by a factor of five. */
function fallOf(tenth: number, fiftieth: number): number {
  return Math.max(leastFall, (fiftieth - tenth) / Math.log(5))
}
