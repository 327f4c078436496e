import { fillCart } from './basket.ts'
import { named, paymentShares } from './catalogue.ts'
import { depthAt } from './incident.ts'
import { exponential } from './random.ts'
import { isGone, lineOf } from './shelf.ts'
import { funnel } from './shop.ts'
import type { Emit, Line, Step, Surroundings, Visitor } from './step.ts'

const anyMethod = named(paymentShares)

/** Walks one session from `startMs` through the funnel, with the incidents at the time of each step. */
// oxlint-disable-next-line max-lines-per-function -- one session, from its first page to the purchase
export function walkSession(
  surroundings: Surroundings,
  visitor: Visitor,
  startMs: number,
  carting: boolean,
  emit: Emit
): void {
  const { uniform, detour, incidents, basket } = surroundings
  let timeMs = startMs
  let cart: Line[] = []
  let paymentMethod = visitor.paymentMethod

  const step = (type: Step['type'], line?: Line, linesToCome = 0) => {
    if (line && isGone(incidents, visitor, line.product, timeMs)) return
    const full =
      type === 'checkout_started' ? totalOf(cart) : type === 'product_view' ? undefined : line?.price
    const priced = type === 'add_to_cart' || type === 'checkout_started' || type === 'purchase'
    const left = priced && uniform() < funnel.missingPriceShare + depthAt(incidents, 'missing_prices', timeMs)
    emit({
      type,
      timeMs,
      product: line?.product,
      price: left ? undefined : full,
      quantity: line?.quantity ?? 1,
      cart: type === 'checkout_started' ? cart : [],
      paymentMethod: type === 'purchase' || type === 'refund' ? paymentMethod : undefined,
      linesToCome
    })
  }
  /** False if the visitor leaves because the product is gone. */
  const browse = (): boolean => {
    const kind = uniform()
    if (kind < 0.3) step('page_view')
    else if (kind < 0.45) step('search')
    else {
      const line = lineOf(surroundings, visitor, timeMs)
      if (!line) return false
      step('product_view', line)
    }
    return true
  }
  const fails = (): boolean => {
    const failed = uniform() < depthAt(incidents, 'payment_outage', timeMs)
    const share = depthAt(incidents, 'method_outage', timeMs, `payment_method=${paymentMethod}`)
    return failed || (share > 0 && detour() < share)
  }
  const isThere = ({ product }: Line) => !isGone(incidents, visitor, product, timeMs)

  step('page_view')
  while (uniform() < funnel.browseShare) {
    timeMs += exponential(uniform, funnel.viewGapMs)
    if (!browse()) return
  }
  if (!carting) return

  do {
    timeMs += exponential(uniform, funnel.viewGapMs)
    const line = lineOf(surroundings, visitor, timeMs)
    if (!line) return
    step('product_view', line)
    timeMs += exponential(uniform, funnel.viewGapMs / 2)
    cart.push(line)
    step('add_to_cart', line)
  } while (cart.length < 4 && uniform() < 0.35)
  if (basket !== 'usual') {
    const put = (line: Line, atMs: number) => {
      timeMs = atMs
      cart.push(line)
      step('add_to_cart', line)
    }
    timeMs = fillCart(basket, uniform, atMs => lineOf(surroundings, visitor, atMs), put, timeMs)
  }
  if (cart.length > 1 && uniform() < 0.12) {
    timeMs += exponential(uniform, funnel.viewGapMs / 2)
    step('remove_from_cart', cart.pop())
  }

  if (uniform() >= funnel.checkoutShare) return
  timeMs += exponential(uniform, funnel.checkoutGapMs)
  cart = cart.filter(isThere)
  if (cart.length === 0) return
  const broken = uniform() < depthAt(incidents, 'checkout_bug', timeMs)
  if (broken && uniform() < 0.5) return
  step('checkout_started')
  if (broken || uniform() >= funnel.paymentShare) return
  timeMs += exponential(uniform, funnel.paymentGapMs)
  if (fails()) {
    if (uniform() >= funnel.retryShare) return
    timeMs += exponential(uniform, funnel.paymentGapMs)
    step('checkout_started')
    timeMs += exponential(uniform, funnel.paymentGapMs)
    paymentMethod = secondChoice(surroundings, paymentMethod, timeMs)
    if (fails()) return
  }
  cart = cart.filter(isThere)
  cart.forEach((line, index) => {
    step('purchase', line, cart.length - 1 - index)
  })
  if (cart.length > 0 && uniform() < funnel.refundShare) {
    timeMs += 120_000 + exponential(uniform, 180_000)
    step('refund', cart[0])
  }
}

/** If their method fails, half of those who try once more take another one. */
function secondChoice({ detour, incidents }: Surroundings, method: string, timeMs: number): string {
  if (depthAt(incidents, 'method_outage', timeMs, `payment_method=${method}`) === 0) return method
  if (detour() < 0.5) return method
  let other = method
  while (other === method) other = anyMethod(detour)
  return other
}

function totalOf(cart: readonly Line[]): number {
  const total = cart.reduce((sum, line) => sum + line.price * line.quantity, 0)
  return Math.round(total * 100) / 100
}
