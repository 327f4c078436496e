import { exponential, normal, type Uniform } from '../../../producer/random.ts'
import { depthAt, type Fault } from './faults.ts'
import type { Touch } from './funnel.ts'
import type { Hour } from './life.ts'

export interface Visitor {
  readonly session_id: string
  readonly user_id: string
  readonly country: string
  readonly device: string
  readonly method: string
  readonly isBack: boolean
  /** The mean between two of its events. */
  readonly pauseMs: number
}

interface Walk {
  readonly uniform: Uniform
  readonly faults: readonly Fault[]
  readonly touch: Touch
  readonly emit: (timeMs: number, fields: object) => void
}

type State = 'page_view' | 'product_view' | 'add_to_cart' | 'checkout_started' | 'purchase' | 'gone'

/** The next state by the present one; what is left of 1 leaves. */
const next: Readonly<Record<Exclude<State, 'gone'>, readonly (readonly [State, number])[]>> = {
  page_view: [
    ['product_view', 0.62],
    ['page_view', 0.12]
  ],
  product_view: [
    ['add_to_cart', 0.11],
    ['product_view', 0.42],
    ['page_view', 0.05]
  ],
  add_to_cart: [
    ['checkout_started', 0.4],
    ['product_view', 0.3]
  ],
  checkout_started: [['purchase', 0.72]],
  purchase: []
}

const lostWith: Partial<Record<State, Fault['of']>> = {
  add_to_cart: 'carts',
  checkout_started: 'checkouts',
  purchase: 'purchases'
}
const ofDevice: Readonly<Record<string, number>> = { mobile: 0.8, desktop: 1.3, tablet: 1.05 }
const categories = ['books', 'garden', 'kitchen', 'sports', 'toys']

/** One visit: a walk from a page until the visitor leaves or has bought. */
export function walk(
  { uniform, faults, touch, emit }: Walk,
  visitor: Visitor,
  startMs: number,
  hour: Hour
): void {
  const { method, isBack, pauseMs, ...identity } = visitor
  const keen = hour.keenness * (ofDevice[visitor.device] as number) * (isBack ? 1.6 : 0.8)
  const hit = (of: Fault['of'], at: number, type: State) =>
    faults.find(fault => fault.of === of && isHit(fault, visitor, type) && uniform() < depthAt(fault, at))
  let at = startMs
  const gone = hit('visits', at, 'page_view')
  if (gone) {
    touch(gone)
    return
  }
  for (let state: State = 'page_view'; state !== 'gone'; state = step(state, keen, uniform)) {
    const lost = lostWith[state]
    const fault = lost && hit(lost, at, state)
    if (fault) {
      touch(fault)
      return
    }
    const unrecorded = hit('events', at, state)
    if (unrecorded) touch(unrecorded)
    else emit(at, { ...identity, event_type: state, ...priced(state, at) })
    at += 2_000 + exponential(uniform, pauseMs)
  }

  function priced(state: State, timeMs: number): object {
    if (state === 'page_view') return {}
    const category = categories[Math.floor(uniform() * categories.length)] as string
    const price = state === 'purchase' ? basket(uniform) : item(uniform)
    const changed = hit('prices', timeMs, state)
    // A wrong price shows in what orders come to; a missing one in any event.
    if (changed && (changed.factor === undefined || state === 'purchase')) touch(changed)
    const shown = changed ? changed.factor && price * changed.factor : price
    const order = state === 'purchase' ? { order_id: `o-${visitor.session_id}`, payment_method: method } : {}
    const rounded = shown === undefined ? {} : { price: Math.max(0.01, Math.round(shown * 100) / 100) }
    return { category, product_id: `${category}-1`, currency: 'EUR', ...rounded, ...order }
  }
}

function step(state: Exclude<State, 'gone'>, keen: number, uniform: Uniform): State {
  let left = uniform()
  for (const [to, share] of next[state]) {
    left -= to === 'add_to_cart' ? share * keen : share
    if (left < 0) return to
  }
  return 'gone'
}

const item = (uniform: Uniform) => Math.exp(3.2 + 0.7 * normal(uniform))

/** As many items as a Pareto of shape 2.2 says, at most 60. */
function basket(uniform: Uniform): number {
  const items = Math.min(60, Math.floor((1 - uniform()) ** (-1 / 2.2)))
  let sum = 0
  for (let i = 0; i < items; i += 1) sum += item(uniform)
  return sum
}

function isHit({ segment, of }: Fault, { country, device, method }: Visitor, type: State): boolean {
  if (segment === undefined) return true
  if (of === 'events') return segment === `event_type=${type}`
  return [`country=${country}`, `device=${device}`, `payment_method=${method}`].includes(segment)
}
