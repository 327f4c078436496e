import type { Catalogue, Product } from './catalogue.ts'
import { depthAt, type Incident } from './incident.ts'
import { exponential, integer, type Uniform } from './random.ts'
import { funnel } from './shop.ts'

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
  /** Belongs to the session's order. */
  readonly ordered: boolean
}

export type Emit = (step: Step) => void

interface Line {
  readonly product: Product
  readonly price: number
  readonly quantity: number
}

/** Walks one session from `startMs` through the funnel, under whatever is wrong at each of its steps. */
export function walkSession(
  uniform: Uniform,
  catalogue: Catalogue,
  startMs: number,
  carting: boolean,
  incidents: readonly Incident[],
  emit: Emit
): void {
  let timeMs = startMs
  const step = (type: Step['type'], line?: Line, total?: number) => {
    const product = line?.product
    const full = total ?? (type === 'product_view' ? undefined : line?.price)
    const priced = type === 'add_to_cart' || type === 'checkout_started' || type === 'purchase'
    const left = priced && uniform() < funnel.missingPriceShare + depthAt(incidents, 'missing_prices', timeMs)
    const price = left ? undefined : full
    emit({ type, timeMs, product, price, quantity: line?.quantity ?? 1, ordered: type === 'purchase' })
  }
  const browse = () => {
    const kind = uniform()
    if (kind < 0.3) step('page_view')
    else if (kind < 0.45) step('search')
    else step('product_view', lineOf(uniform, catalogue, incidents, timeMs))
  }

  step('page_view')
  while (uniform() < funnel.browseShare) {
    timeMs += exponential(uniform, funnel.viewGapMs)
    browse()
  }
  if (!carting) return

  const cart: Line[] = []
  do {
    timeMs += exponential(uniform, funnel.viewGapMs)
    const line = lineOf(uniform, catalogue, incidents, timeMs)
    step('product_view', line)
    timeMs += exponential(uniform, funnel.viewGapMs / 2)
    cart.push(line)
    step('add_to_cart', line)
  } while (cart.length < 4 && uniform() < 0.35)
  if (cart.length > 1 && uniform() < 0.12) {
    timeMs += exponential(uniform, funnel.viewGapMs / 2)
    step('remove_from_cart', cart.pop())
  }

  if (uniform() >= funnel.checkoutShare) return
  timeMs += exponential(uniform, funnel.checkoutGapMs)
  const totalPrice = cart.reduce((sum, line) => sum + line.price * line.quantity, 0)
  const total = Math.round(totalPrice * 100) / 100
  const broken = uniform() < depthAt(incidents, 'checkout_bug', timeMs)
  if (broken && uniform() < 0.5) return
  step('checkout_started', undefined, total)
  if (broken || uniform() >= funnel.paymentShare) return
  timeMs += exponential(uniform, funnel.paymentGapMs)
  if (uniform() < depthAt(incidents, 'payment_outage', timeMs)) {
    if (uniform() >= funnel.retryShare) return
    timeMs += exponential(uniform, funnel.paymentGapMs)
    step('checkout_started', undefined, total)
    timeMs += exponential(uniform, funnel.paymentGapMs)
    if (uniform() < depthAt(incidents, 'payment_outage', timeMs)) return
  }
  for (const line of cart) step('purchase', line)
  if (uniform() < funnel.refundShare) {
    timeMs += 120_000 + exponential(uniform, 180_000)
    const line = cart[0] as Line
    emit({
      type: 'refund',
      timeMs,
      product: line.product,
      price: line.price,
      quantity: line.quantity,
      ordered: true
    })
  }
}

/** Of a bot's events, the mean. */
export const botEventsPerSession = 30

/** A bot: many views close together, and never a cart. */
export function walkBot(uniform: Uniform, catalogue: Catalogue, startMs: number, emit: Emit): void {
  let timeMs = startMs
  const events = integer(uniform, 10, 2 * botEventsPerSession - 10)
  for (let i = 0; i < events; i += 1) {
    const kind = uniform()
    const type = kind < 0.2 ? 'page_view' : kind < 0.5 ? 'search' : 'product_view'
    const product = type === 'product_view' ? catalogue.product(uniform) : undefined
    emit({ type, timeMs, product, price: undefined, quantity: 1, ordered: false })
    timeMs += exponential(uniform, 1_500)
  }
}

function lineOf(
  uniform: Uniform,
  catalogue: Catalogue,
  incidents: readonly Incident[],
  timeMs: number
): Line {
  const product = catalogue.product(uniform)
  const sale = depthAt(incidents, 'flash_sale', timeMs) > 0
  const price = sale ? Math.round(product.price * 88) / 100 : product.price
  return { product, price, quantity: uniform() < 0.86 ? 1 : integer(uniform, 2, 3) }
}
