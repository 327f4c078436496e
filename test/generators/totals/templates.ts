import { mean } from 'simple-statistics'
import type { Basket } from '../../../producer/basket.ts'
import {
  countryShares,
  createCatalogue,
  deviceShares,
  named,
  paymentShares
} from '../../../producer/catalogue.ts'
import { integer, type Uniform, uniformOf } from '../../../producer/random.ts'
import { walkSession } from '../../../producer/session.ts'
import type { Step, Surroundings } from '../../../producer/step.ts'
import {
  columnCount,
  columns,
  type Dimension,
  places,
  type SegmentColumn,
  type ShopColumn,
  segmentOffsets
} from './columns.ts'

/** A session's later minutes are counted into the last one. */
export const lagMinutes = 20

/**
 * Sessions walked once and drawn again and again, each with its country, device and method of payment. `add` adds a
 * number of sessions that start in one minute to `sums`: `lagMinutes` rows of `columnCount`, the first that minute's.
 */
export interface Templates {
  add(uniform: Uniform, sessions: number, sums: Float64Array): void
}

const minuteMs = 60_000
const bundleSessions = 64

/** Walks `bundles` × 64 sessions, all carting or none. Large numbers of sessions are drawn a bundle at a time. */
export function createTemplates(seed: number, carting: boolean, bundles: number, basket: Basket): Templates {
  const name = carting ? 'carting templates' : 'browsing templates'
  const uniform = uniformOf(seed, name)
  const surroundings: Surroundings = {
    uniform,
    detour: uniformOf(seed, 'detours'),
    catalogue: createCatalogue(seed),
    basket,
    incidents: []
  }
  const traits = drawTraits(uniformOf(seed, `visitors of ${name}`))
  const sessions: Pairs[] = []
  const totals: Pairs[] = []
  for (let bundle = 0; bundle < bundles; bundle += 1) {
    const total = new Float64Array(columnCount * lagMinutes)
    for (let i = 0; i < bundleSessions; i += 1) {
      const session = walked(surroundings, traits(), carting)
      sessions.push(session)
      addPairs(session, total)
    }
    totals.push(pairsOf(total))
  }
  return {
    add(drawn, count, sums) {
      let left = count
      for (; left >= bundleSessions; left -= bundleSessions) {
        addPairs(totals[integer(drawn, 0, totals.length - 1)] as Pairs, sums)
      }
      for (; left > 0; left -= 1) {
        addPairs(sessions[integer(drawn, 0, sessions.length - 1)] as Pairs, sums)
      }
    }
  }
}

interface Traits {
  readonly known: boolean
  readonly country: string
  readonly device: string
  readonly paymentMethod: string
}

function drawTraits(uniform: Uniform): () => Traits {
  const country = named(countryShares)
  const device = named(deviceShares)
  const payment = named(paymentShares)
  return function nextTraits() {
    return {
      known: uniform() < 0.6,
      country: country(uniform),
      device: device(uniform),
      paymentMethod: payment(uniform)
    }
  }
}

/** A sparse row: index, value, index, value, … */
type Pairs = Float64Array

const columnOf = new Map(places.map(({ dimension, value, column }) => [`${dimension}=${value}`, column]))

function walked(surroundings: Surroundings, traits: Traits, carting: boolean): Pairs {
  const row = new Map<number, number>()
  const order = createOrder()
  const count = (step: Step) => {
    const lag = Math.min(lagMinutes - 1, Math.floor(step.timeMs / minuteMs)) * columnCount
    const add = (column: number, value: number) => {
      row.set(lag + column, (row.get(lag + column) ?? 0) + value)
    }
    const inShop = (column: ShopColumn, value: number) => add(columns[column], value)
    const segments = segmentsOf(traits, step)
    const everywhere = (column: SegmentColumn & ShopColumn, value: number) => {
      inShop(column, value)
      for (const segment of segments) add(segment + segmentOffsets[column], value)
    }
    const once = (column: ShopColumn) => {
      row.set(lag + columns[column], 1)
    }
    everywhere('events', 1)
    once('visits')
    if (traits.known) once('visitors')
    switch (step.type) {
      case 'page_view':
        return
      case 'search':
        return inShop('searches', 1)
      case 'product_view':
        return inShop('productViews', 1)
      case 'add_to_cart':
        once('cartingSessions')
        return everywhere('cartAdds', 1)
      case 'remove_from_cart':
        return inShop('cartRemovals', 1)
      case 'checkout_started':
        return everywhere('checkouts', 1)
      case 'refund':
        inShop('refunds', 1)
        return inShop('refunded', (step.price ?? 0) * step.quantity)
      case 'purchase': {
        const amount = (step.price ?? 0) * step.quantity
        once('orders')
        for (const segment of segments) row.set(lag + segment + segmentOffsets.orders, 1)
        everywhere('purchases', 1)
        everywhere('revenue', amount)
        for (const segment of segments) add(segment + segmentOffsets.revenueSquares, amount * amount)
        inShop('units', step.quantity)
        order.add(amount)
        if (step.linesToCome > 0) return
        const { total, logarithm } = order.take()
        inShop('revenueSquares', total * total)
        inShop('priceLogs', logarithm)
        return inShop('priceLogSquares', logarithm * logarithm)
      }
      default:
        return step.type satisfies never
    }
  }
  const startMs = surroundings.uniform() * minuteMs
  walkSession(surroundings, { paymentMethod: traits.paymentMethod, luck: 0 }, startMs, carting, count)
  return Float64Array.from([...row].filter(([, value]) => value !== 0).flat())
}

/** The lines of an order are one term: their sum, and the mean of their logarithms. */
function createOrder() {
  let amounts: number[] = []
  return {
    add: (amount: number) => amounts.push(amount),
    take() {
      const logs = amounts.flatMap(amount => (amount > 0 ? [Math.round(1_000 * Math.log(amount))] : []))
      const total = amounts.reduce((sum, amount) => sum + amount, 0)
      amounts = []
      return { total, logarithm: logs.length > 0 ? Math.round(mean(logs)) : 0 }
    }
  }
}

/** The first columns of the segments that a step lies in. */
function segmentsOf({ country, device }: Traits, { product, paymentMethod }: Step): readonly number[] {
  const found = (dimension: Dimension, value: string | undefined) =>
    value === undefined ? [] : [columnOf.get(`${dimension}=${value}`) as number]
  return [
    ...found('country', country),
    ...found('device', device),
    ...found('payment_method', paymentMethod),
    ...found('category', product?.category)
  ]
}

function pairsOf(row: Float64Array): Pairs {
  const pairs: number[] = []
  row.forEach((value, index) => {
    if (value !== 0) pairs.push(index, value)
  })
  return Float64Array.from(pairs)
}

function addPairs(pairs: Pairs, sums: Float64Array): void {
  for (let i = 0; i < pairs.length; i += 2) {
    const index = pairs[i] as number
    sums[index] = (sums[index] as number) + (pairs[i + 1] as number)
  }
}
