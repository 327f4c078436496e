import { keptEvent } from '../../decode/scanned-event.ts'
import type { ShopEvent } from '../../decode/types.ts'

/** Lines that wait in a window of a partition: further purchases are counted at once. */
const maxLines = 10_000

/** A purchase waits for its window to close: only then all that came before it is known, in every partition. */
export interface HeldPurchase {
  readonly event: ShopEvent
  readonly recordTime: number | undefined
}

/** The purchases of one window and partition that wait. */
export interface HeldPurchases {
  readonly purchases: HeldPurchase[]
  /** Those that came late, and count nowhere. */
  readonly late: ShopEvent[]
  /** The lines of all of them. */
  lines: number
  /** Purchases that found no room: they count, and are compared with none. */
  uncompared: number
}

export const noneHeld = (): HeldPurchases => ({ purchases: [], late: [], lines: 0, uncompared: 0 })

/** Keeps a purchase whose order can come again; false if it is to be counted at once. */
export function hold(held: HeldPurchases, event: ShopEvent, recordTime: number | undefined): boolean {
  if (!hasOrder(event)) return false
  const isKept = hasRoom(held, event)
  if (isKept) held.purchases.push({ event: keptEvent(event), recordTime })
  else held.uncompared++
  return isKept
}

/** Keeps a late purchase: where its order was counted, it is not missing. */
export function holdLate(held: HeldPurchases, event: ShopEvent): void {
  if (hasOrder(event) && hasRoom(held, event)) held.late.push(keptEvent(event))
}

function hasRoom(held: HeldPurchases, { lines }: ShopEvent): boolean {
  const all = held.lines + (lines?.length ?? 1)
  if (all > maxLines) return false
  held.lines = all
  return true
}

/** What programs write where there is no order. */
const noOrder = /^(?:undefined|null|none|nan|n\/a|na|unknown|false|true|0+|-+)$/i

/** Where a session stands for the order, the same again is a second purchase. */
const hasOrder = ({ orderId, sessionId }: ShopEvent): boolean =>
  orderId !== undefined && orderId !== sessionId && !noOrder.test(orderId)
