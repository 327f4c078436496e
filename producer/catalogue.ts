import { integer, normal, type Uniform, uniformOf, weighted } from './random.ts'

export interface Product {
  readonly id: string
  readonly category: string
  readonly price: number
}

export interface Catalogue {
  product(uniform: Uniform): Product
}

/** Category, share of views, median price in units of the currency. */
const categories: readonly (readonly [string, number, number])[] = [
  ['shoes', 18, 70],
  ['clothing', 26, 38],
  ['electronics', 14, 160],
  ['home', 16, 45],
  ['beauty', 12, 22],
  ['sports', 9, 55],
  ['toys', 5, 28]
]
const productsPerCategory = 40

export const countryShares: readonly (readonly [string, number])[] = [
  ['DE', 38],
  ['US', 20],
  ['FR', 14],
  ['GB', 12],
  ['NL', 9],
  ['ES', 7]
]
export const deviceShares: readonly (readonly [string, number])[] = [
  ['mobile', 61],
  ['desktop', 33],
  ['tablet', 6]
]
export const paymentShares: readonly (readonly [string, number])[] = [
  ['card', 46],
  ['paypal', 31],
  ['invoice', 14],
  ['apple_pay', 9]
]

/** The products of a seed's shop: lognormal prices around the median of their category. */
export function createCatalogue(seed: number): Catalogue {
  const uniform = uniformOf(seed, 'catalogue')
  const shelves = categories.map(([category, , median], shelf) =>
    Array.from({ length: productsPerCategory }, (_, index) => ({
      id: `p-${shelf + 1}${String(index).padStart(3, '0')}`,
      category,
      price: Math.max(1, Math.round(median * Math.exp(0.55 * normal(uniform)))) - 0.01
    }))
  )
  const shelf = weighted(categories.map(([, share]) => share))
  return {
    product(drawn) {
      const products = shelves[shelf(drawn)] as Product[]
      return products[integer(drawn, 0, products.length - 1)] as Product
    }
  }
}

/** Of views and, since a view leads to the cart whatever it shows, of order lines. */
export const categoryShares: readonly (readonly [string, number])[] = categories.map(([category, share]) => [
  category,
  share
])

/** Draws one of the names by its share. */
export function named(shares: readonly (readonly [string, number])[]): (uniform: Uniform) => string {
  const index = weighted(shares.map(([, share]) => share))
  return function drawName(uniform) {
    return (shares[index(uniform)] as readonly [string, number])[0]
  }
}
