import { createCatalogue } from './catalogue.ts'
import { integer, type Uniform, uniformOf } from './random.ts'
import { walkSession } from './session.ts'
import type { Step, Surroundings } from './step.ts'

/** The columns of a session's share of the minutes after its start. */
export const columns = {
  events: 0,
  visits: 1,
  cartingSessions: 2,
  cartAdds: 3,
  checkouts: 4,
  orders: 5,
  purchases: 6,
  revenue: 7,
  revenueSquares: 8
} as const
export const columnCount = 9
/** A session's later minutes are counted into the last one. */
export const lagMinutes = 20

/**
 * Sessions walked once and drawn again and again. `add` adds a number of sessions that start in one minute to
 * `sums`: `lagMinutes` rows of `columnCount`, the first one that minute's.
 */
export interface Templates {
  add(uniform: Uniform, sessions: number, sums: Float64Array): void
}

const minuteMs = 60_000
const bundleSessions = 64

/** Walks `bundles` × 64 sessions, all carting or none. Large numbers of sessions are drawn a bundle at a time. */
export function createTemplates(seed: number, carting: boolean, bundles: number): Templates {
  const uniform = uniformOf(seed, carting ? 'carting templates' : 'browsing templates')
  const surroundings: Surroundings = {
    uniform,
    detour: uniformOf(seed, 'detours'),
    catalogue: createCatalogue(seed),
    incidents: []
  }
  const sessions: Pairs[] = []
  const totals: Pairs[] = []
  for (let bundle = 0; bundle < bundles; bundle += 1) {
    const total = new Float64Array(columnCount * lagMinutes)
    for (let i = 0; i < bundleSessions; i += 1) {
      const session = walked(surroundings, carting)
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

/** A sparse row: index, value, index, value, … */
type Pairs = Float64Array

function walked(surroundings: Surroundings, carting: boolean): Pairs {
  const row = new Float64Array(columnCount * lagMinutes)
  const count = (step: Step) => {
    const lag = Math.min(lagMinutes - 1, Math.floor(step.timeMs / minuteMs))
    const add = (column: number, value: number) => {
      row[lag * columnCount + column] = (row[lag * columnCount + column] as number) + value
    }
    const once = (column: number) => {
      row[lag * columnCount + column] = 1
    }
    add(columns.events, 1)
    once(columns.visits)
    if (step.type === 'add_to_cart') {
      add(columns.cartAdds, 1)
      once(columns.cartingSessions)
    } else if (step.type === 'checkout_started') {
      add(columns.checkouts, 1)
    } else if (step.type === 'purchase') {
      const amount = (step.price ?? 0) * step.quantity
      once(columns.orders)
      add(columns.purchases, 1)
      add(columns.revenue, amount)
      add(columns.revenueSquares, amount * amount)
    }
  }
  const startMs = surroundings.uniform() * minuteMs
  walkSession(surroundings, { paymentMethod: 'card', luck: 0 }, startMs, carting, count)
  return pairsOf(row)
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
