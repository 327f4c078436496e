import { depthAt, type Incident } from './incident.ts'
import { uniformOf } from './random.ts'
import type { Line, Step } from './step.ts'

/** Changes a step's prices where a price bug is on. */
export function priceFaults(seed: number, incidents: readonly Incident[]): (step: Step) => Step {
  const uniform = uniformOf(seed, 'price faults')
  return function faulted(step) {
    const share = depthAt(incidents, 'price_bug', step.timeMs)
    if (share === 0 || uniform() >= share) return step
    return {
      ...step,
      price: step.price === undefined ? undefined : hundredth(step.price),
      cart: step.cart.map((line): Line => ({ ...line, price: hundredth(line.price) }))
    }
  }
}

/** To the ten-thousandth, so that a price in cents keeps its digits. */
function hundredth(price: number): number {
  return Math.round(price * 100) / 10_000
}
