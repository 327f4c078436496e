import { exponential, integer } from './random.ts'
import { anotherProduct, isGone } from './shelf.ts'
import type { Emit, Surroundings, Visitor } from './step.ts'

/** The mean number of events of a bot. */
export const botEventsPerSession = 30

/** A bot: many views close together, and never a cart. */
export function walkBot(surroundings: Surroundings, visitor: Visitor, startMs: number, emit: Emit): void {
  const { uniform, catalogue, incidents } = surroundings
  let timeMs = startMs
  const events = integer(uniform, 10, 2 * botEventsPerSession - 10)
  for (let i = 0; i < events; i += 1) {
    const kind = uniform()
    const type = kind < 0.2 ? 'page_view' : kind < 0.5 ? 'search' : 'product_view'
    let product = type === 'product_view' ? catalogue.product(uniform) : undefined
    if (product && isGone(incidents, visitor, product, timeMs)) {
      product = anotherProduct(surroundings, visitor, timeMs)
    }
    emit({
      type,
      timeMs,
      product,
      price: undefined,
      quantity: 1,
      cart: [],
      paymentMethod: undefined,
      linesToCome: 0
    })
    timeMs += exponential(uniform, 1_500)
  }
}
