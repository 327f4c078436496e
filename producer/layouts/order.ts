import type { Line, Step } from '../step.ts'

/** A product as a record names it; without a price where that was left out. */
export interface Item {
  readonly product: Line['product']
  readonly price: number | undefined
  readonly quantity: number
}

/** Gathers the purchases of an order: its items once the last of them is there. Of other steps, what they name. */
export function gatherItems(): (step: Step) => readonly Item[] | undefined {
  let order: Item[] = []
  return function gather({ type, product, price, quantity, cart, linesToCome }) {
    if (type === 'checkout_started') {
      return price === undefined ? cart.map(line => ({ ...line, price: undefined })) : cart
    }
    if (!product) return []
    const item = { product, price, quantity }
    if (type !== 'purchase') return [item]
    order.push(item)
    if (linesToCome > 0) return undefined
    const items = order
    order = []
    return items
  }
}

/** What the items come to; undefined where the price of one is missing. */
export function orderAmount(items: readonly Item[]): number | undefined {
  let amount = 0
  for (const { price, quantity } of items) {
    if (price === undefined) return undefined
    amount += price * quantity
  }
  return Math.round(amount * 10_000) / 10_000
}
