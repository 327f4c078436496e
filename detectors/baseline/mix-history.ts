import type { WindowMetrics } from '../../src/metrics/types.ts'
import type { Reading } from './comparison.ts'
import type { Learner } from './series.ts'

/** How a change of the mix alone would have moved the orders for each event. */
export interface MixHistory extends Learner {
  read(window: WindowMetrics): Reading | undefined
  /** Of the newest windows against those of before `back` windows: 1 where the mix is the same, or is not known. */
  shift(span: number, back: number): number
}

interface Sums {
  readonly events: number
  readonly orders: number
}

const nothing: Sums = { events: 0, orders: 0 }
/** A value's rate is that of all until it has so many orders of its own. */
const priorOrders = 20

/** Orders for each event of the values of a dimension, such as countries, and how the values share the events. */
export function createMixHistory(dimension: string, windows: number, memoryWindows: number): MixHistory {
  const kept = 1 - 1 / memoryWindows
  const known = new Map<string, Sums>()
  const mixes: { readonly window: number; readonly events: number; readonly expected: number }[] = []
  let newest: ReadonlyMap<string, Sums> = new Map()
  let whole = nothing

  function rateOf(segment: string): number {
    const overall = whole.orders / whole.events
    const { events, orders } = known.get(segment) ?? nothing
    return (orders + priorOrders) / (events + priorOrders / overall)
  }

  function meanOf(some: typeof mixes): number | undefined {
    const events = some.reduce((sum, one) => sum + one.events, 0)
    return events > 0 ? some.reduce((sum, one) => sum + one.expected, 0) / events : undefined
  }

  return {
    read(window) {
      const rows = new Map<string, Sums>()
      for (const { dimension: own, metric, segment, numerator } of window.segments) {
        if (own !== dimension || (metric !== 'events' && metric !== 'orders')) continue
        rows.set(segment, { ...(rows.get(segment) ?? nothing), [metric]: numerator })
      }
      newest = window.complete ? rows : new Map()
      return undefined
    },
    enter({ window }) {
      if (!(whole.orders > 0)) return
      const values = [...newest]
      mixes.push({
        window,
        events: values.reduce((sum, [, { events }]) => sum + events, 0),
        expected: values.reduce((sum, [segment, { events }]) => sum + events * rateOf(segment), 0)
      })
      while (mixes[0] && mixes[0].window <= window - windows) mixes.shift()
    },
    train() {
      for (const segment of new Set([...known.keys(), ...newest.keys()])) {
        const before = known.get(segment) ?? nothing
        const now = newest.get(segment) ?? nothing
        const events = before.events * kept + now.events
        if (events < 1) known.delete(segment)
        else known.set(segment, { events, orders: before.orders * kept + now.orders })
      }
      const all = [...known.values()]
      whole = {
        events: all.reduce((sum, { events }) => sum + events, 0),
        orders: all.reduce((sum, { orders }) => sum + orders, 0)
      }
    },
    forget: () => {},
    settle: () => {},
    remember: () => {},
    shift(span, back) {
      const last = mixes.at(-1)?.window ?? 0
      const lately = meanOf(mixes.filter(({ window }) => window > last - span))
      const then = meanOf(mixes.filter(({ window }) => window <= last - back))
      return lately === undefined || then === undefined ? 1 : lately / then
    }
  }
}
