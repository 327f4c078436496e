/** How far numbers around 0 usually lie from it, as a root of their mean square, whatever a few wild ones do. */
export interface RobustSpread {
  value(): number
  learnt(): number
  /** What is believed before anything was seen, as much as `weight` numbers say. */
  believe(spread: number, weight: number): void
  /** A number counts as no more than so many spreads, one of which is at least `least`. */
  learn(distance: number, least: number): void
}

const tiniest = 1e-12

/**
 * A running mean over about `memory` numbers of squares that are cut at `clip` spreads: Huber's proposal 2 (1964), one
 * step a number.
 */
export function createRobustSpread(memory: number, clip: number): RobustSpread {
  let meanSquare = 0
  let learnt = 0
  return {
    value: () => Math.sqrt(meanSquare),
    learnt: () => learnt,
    believe(spread, weight) {
      meanSquare = spread ** 2
      learnt = weight
    },
    learn(distance, least) {
      const unit = Math.max(Math.sqrt(meanSquare), least, tiniest)
      const seen = Math.min(Math.abs(distance), clip * unit)
      learnt += 1
      meanSquare += (seen ** 2 - meanSquare) / Math.min(memory, learnt)
    }
  }
}
