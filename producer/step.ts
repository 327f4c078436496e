import type { Catalogue, Product } from './catalogue.ts'
import type { Incident } from './incident.ts'
import type { Uniform } from './random.ts'

export interface Line {
  readonly product: Product
  readonly price: number
  readonly quantity: number
}

/** One thing that happens in a session. `price` is undefined where the type has none or it was left out. */
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
  /** What a checkout_started is about: its price is that of all of them. Empty elsewhere. */
  readonly cart: readonly Line[]
  /** How the session's order is paid; undefined where the step does not belong to it. */
  readonly paymentMethod: string | undefined
  /** Purchases of the same order that follow at once: an order has one for each of its lines. */
  readonly linesToCome: number
}

export type Emit = (step: Step) => void

/** What all sessions of a shop share. */
export interface Surroundings {
  readonly uniform: Uniform
  /** Draws only what an incident of one segment asks for, so that without one all sessions stay as they are. */
  readonly detour: Uniform
  readonly catalogue: Catalogue
  readonly incidents: readonly Incident[]
}

/** What a session's way depends on. */
export interface Visitor {
  readonly paymentMethod: string
  /** In [0, 1): whether an incident that hits a share of the visitors hits this one. */
  readonly luck: number
}
