import type { Basket } from './basket.ts'
import type { Catalogue, Product } from './catalogue.ts'
import type { Incident } from './incident.ts'
import type { Uniform } from './random.ts'

export interface Line {
  readonly product: Product
  readonly price: number
  readonly quantity: number
}

/** One event of a session. `price` is undefined if the type has none or it was left out. */
export interface Step {
  readonly type:
    | 'page_view'
    | 'search'
    | 'product_view'
    | 'add_to_cart'
    | 'remove_from_cart'
    | 'checkout_started'
    | 'purchase'
    | 'refund'
  readonly timeMs: number
  readonly product: Product | undefined
  readonly price: number | undefined
  readonly quantity: number
  /** The lines of a checkout_started, whose price is their total. Empty for other types. */
  readonly cart: readonly Line[]
  /** How the session's order is paid; undefined for steps outside the order. */
  readonly paymentMethod: string | undefined
  /** Purchases of the same order that follow at once: an order has one for each of its lines. */
  readonly linesToCome: number
}

export type Emit = (step: Step) => void

/** What all sessions of a shop share. */
export interface Surroundings {
  readonly uniform: Uniform
  /** Used only by incidents of one segment: without one, all sessions stay the same. */
  readonly detour: Uniform
  readonly catalogue: Catalogue
  readonly basket: Basket
  readonly incidents: readonly Incident[]
}

/** What the course of a session depends on. */
export interface Visitor {
  readonly paymentMethod: string
  /** In [0, 1): whether an incident that hits a share of the visitors hits this one. */
  readonly luck: number
}
