import type { Uniform } from '../../../producer/random.ts'
import { binomial } from '../binomial.ts'

/** Whole numbers that add up to `total`: what is too much is taken, what lacks is added, by chance as each is large. */
export function resized(uniform: Uniform, counts: readonly number[], total: number): readonly number[] {
  const sum = counts.reduce((all, count) => all + count, 0)
  if (sum === 0 || total === sum) return counts
  if (total <= 0) return counts.map(() => 0)
  let toDraw = Math.abs(total - sum)
  let left = sum
  const drawn = counts.map(count => {
    const rest = left - count
    const wanted = rest === 0 ? toDraw : binomial(uniform, toDraw, count / left)
    // None can lose more than it has, nor leave the others more to lose than they have.
    const taken = total < sum ? Math.max(toDraw - rest, Math.min(wanted, count)) : wanted
    toDraw -= taken
    left = rest
    return taken
  })
  return counts.map((count, index) => count + Math.sign(total - sum) * (drawn[index] as number))
}
