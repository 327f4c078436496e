import { normal, poisson, type Uniform } from '../../producer/random.ts'

/** Binomial; a rounded normal or a Poisson where the number of trials is large. */
export function binomial(uniform: Uniform, trials: number, probability: number): number {
  const p = Math.min(1, Math.max(0, probability))
  if (trials <= 0 || p === 0) return 0
  if (p === 1) return trials
  if (p > 0.5) return trials - binomial(uniform, trials, 1 - p)
  if (trials > 60) {
    const mean = trials * p
    const drawn =
      mean < 15 ? poisson(uniform, mean) : Math.round(mean + Math.sqrt(mean * (1 - p)) * normal(uniform))
    return Math.min(trials, Math.max(0, drawn))
  }
  let count = 0
  for (let i = 0; i < trials; i += 1) if (uniform() < p) count += 1
  return count
}
