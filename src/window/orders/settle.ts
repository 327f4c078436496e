import type { ShopEvent } from '../../decode/types.ts'
import { compileCount, type PartialOptions } from '../accumulate.ts'
import type { ClosedOrders, ClosedWindow, Partial, RepeatedOrders } from '../types.ts'
import { contentOf, isPiece } from './content.ts'
import type { HeldPurchase, HeldPurchases } from './held.ts'
import { type CountedOrders, createOrderMemory } from './memory.ts'

/** Purchases that are remembered over all partitions. */
const maxRemembered = 1_000_000

/** Counts the purchases that wait in windows that have closed, which come in their order. */
export type SettleOrders = (windows: readonly ClosedWindow[]) => readonly ClosedWindow[]

interface Holding {
  readonly held: HeldPurchases
  readonly partial: Partial
  readonly partition: string
}

interface Waiting extends HeldPurchase {
  readonly partial: Partial
  readonly partition: string
}

/**
 * A purchase that an earlier one repeats counts as an event and as no purchase. That is decided when its window closes, over
 * all partitions: so it depends on windows alone, which close in the same way after a crash, and not on how records came.
 * `before` are the orders of earlier windows.
 */
export function createSettleOrders(
  options: PartialOptions,
  before: readonly CountedOrders[],
  limit = maxRemembered
): SettleOrders {
  const { orderSpanMs } = options
  if (orderSpanMs === 0) return windows => windows
  const count = compileCount(options)
  const memory = createOrderMemory({ spanMs: orderSpanMs, limit })
  for (const counted of before) memory.add(counted)

  function settle(window: ClosedWindow): ClosedWindow {
    memory.enter(window.start)
    const all = heldIn(window)
    if (all.length === 0) return window
    const inWindow = createWindowOrders()
    const repeats = new Map<string, RepeatedOrders>()

    function noteRepeat(partition: string, { orderId = '' }: ShopEvent): void {
      const { purchases = 0, example = orderId } = repeats.get(partition) ?? {}
      repeats.set(partition, { partition, purchases: purchases + 1, example })
    }

    for (const { event, recordTime, partial, partition } of inOrder(all)) {
      const key = contentOf(event)
      const isRepeat = memory.has(key) || inWindow.isRepeat(key, event)
      count(partial, event, recordTime, isRepeat ? 'repeated_purchase' : 'purchase')
      if (isRepeat) noteRepeat(partition, event)
    }
    for (const { held, partition } of all) {
      for (const event of held.late.splice(0)) {
        const key = contentOf(event)
        if (memory.has(key) || inWindow.has(key)) noteRepeat(partition, event)
      }
    }
    const keys = inWindow.keys()
    const forgotten = memory.add({ start: window.start, keys })
    const uncompared = all.reduce((sum, { held }) => sum + held.uncompared, 0)
    const orders: ClosedOrders = { keys, repeats: [...repeats.values()], uncompared, forgotten }
    return { ...window, orders }
  }

  return windows => windows.map(settle)
}

/** The shares of a window that hold anything. */
const heldIn = ({ partials, partitions }: ClosedWindow): readonly Holding[] =>
  partials.flatMap((partial, index) => {
    const { held } = partial
    if (held === undefined || held.lines + held.uncompared === 0) return []
    return { held, partial, partition: partitions[index] as string }
  })

/** In the order of their time, the first of equal ones counts. Takes them out of their shares. */
const inOrder = (all: readonly Holding[]): readonly Waiting[] =>
  all
    .flatMap(({ held, partial, partition }) =>
      held.purchases.splice(0).map((one): Waiting => ({ ...one, partial, partition }))
    )
    .sort((a, b) => a.event.eventTime - b.event.eventTime || order(a.partition, b.partition))

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The purchases of one window, by their fingerprints. */
function createWindowOrders() {
  const firsts = new Map<number, Pick<ShopEvent, 'eventTime' | 'eventId'>>()
  /** Of orders that come in several. */
  const pieces = new Set<string>()
  return {
    /** Whether an equal purchase of this window is the same one; takes it in if not. */
    isRepeat(key: number, event: ShopEvent): boolean {
      const { eventTime, eventId } = event
      const first = firsts.get(key)
      if (first === undefined) {
        firsts.set(key, { eventTime, eventId })
        return false
      }
      if (first.eventTime !== eventTime || !isPiece(event)) return true
      if (eventId === undefined) return false
      if (eventId === first.eventId) return true
      const piece = `${key} ${eventId}`
      const isKnown = pieces.has(piece)
      pieces.add(piece)
      return isKnown
    },
    has: (key: number) => firsts.has(key),
    keys: () => Float64Array.from(firsts.keys())
  }
}
