import type { MetricValue, WindowMetrics } from '../../src/metrics/types.ts'
import { eventsOfType, type RowIndex } from './row-index.ts'

/** How many windows of counts are remembered. */
const memory = 240
const kept = 1 - 1 / memory

/** The mean burst of the counts of the last hours. */
export function createBursts() {
  let sum = 0
  let counts = 0
  return {
    learn(count: number, burst: number): void {
      sum = sum * kept + count * burst
      counts = counts * kept + count
    },
    value: () => (counts > 0 ? sum / counts : 1)
  }
}

/** Variance ÷ mean of the lines of groups of so many in the mean, if they differ as waiting times do. */
const burstOf = (lines: number, groups: number) => Math.max(1, (2 * lines) / groups - 1)

/**
 * How far the events of a window vary because lines come together: those of purchases by order, cart adds by session.
 * The others are taken as coming one by one, which is the least.
 */
export function createBurstReads(rows: RowIndex) {
  const purchasesOf = eventsOfType(rows, 'purchase')

  function ofCarts({ values }: WindowMetrics): Lines {
    return linesOf(values.get('cart_adds')?.numerator, values.get('carting_sessions'))
  }

  function ofPurchases(window: WindowMetrics): Lines {
    const { values } = window
    const sessions = values.get('purchasing_sessions')
    const orders = values.get('orders')
    const fewer = sessions && sessions.numerator > 0 && orders && sessions.numerator < orders.numerator
    return linesOf(purchasesOf(window), fewer ? sessions : orders)
  }

  return {
    cart_adds: (window: WindowMetrics): number => ofCarts(window).burst,
    events(window: WindowMetrics): number {
      const events = window.values.get('events')?.numerator ?? 0
      const carts = ofCarts(window)
      const purchases = ofPurchases(window)
      const others = Math.max(0, events - carts.lines - purchases.lines)
      const all = others + carts.lines + purchases.lines
      return all > 0 ? (others + carts.lines * carts.burst + purchases.lines * purchases.burst) / all : 1
    }
  }
}

interface Lines {
  readonly lines: number
  readonly burst: number
}

function linesOf(lines = 0, groups: MetricValue | undefined): Lines {
  const { numerator = 0 } = groups ?? {}
  return numerator > 0 ? { lines, burst: burstOf(lines, numerator) } : { lines: 0, burst: 1 }
}
