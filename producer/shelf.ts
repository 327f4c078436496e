import type { Product } from './catalogue.ts'
import { depthAt, type Incident } from './incident.ts'
import { integer } from './random.ts'
import type { Line, Surroundings, Visitor } from './step.ts'

/** A product with its present price. If it is gone, half of the visitors take another one and half leave. */
export function lineOf(surroundings: Surroundings, visitor: Visitor, timeMs: number): Line | undefined {
  const { uniform, detour, catalogue, incidents } = surroundings
  let product: Product | undefined = catalogue.product(uniform)
  if (isGone(incidents, visitor, product, timeMs)) {
    if (detour() < 0.5) return undefined
    product = anotherProduct(surroundings, visitor, timeMs)
    if (!product) return undefined
  }
  const sale = depthAt(incidents, 'flash_sale', timeMs) > 0
  const price = sale ? Math.round(product.price * 88) / 100 : product.price
  return { product, price, quantity: uniform() < 0.86 ? 1 : integer(uniform, 2, 3) }
}

/** Undefined if so much is gone that no other product is found. */
export function anotherProduct(
  { detour, catalogue, incidents }: Surroundings,
  visitor: Visitor,
  timeMs: number
): Product | undefined {
  for (let tries = 0; tries < 20; tries += 1) {
    const product = catalogue.product(detour)
    if (!isGone(incidents, visitor, product, timeMs)) return product
  }
  return undefined
}

export function isGone(
  incidents: readonly Incident[],
  visitor: Visitor,
  product: Product,
  timeMs: number
): boolean {
  return visitor.luck < depthAt(incidents, 'category_outage', timeMs, `category=${product.category}`)
}
