import type { EventType } from './layout.ts'
import { currencyOfPrice } from './money/read-money.ts'
import type { RawRecord } from './record.ts'
import type { EventLine } from './types.ts'

/** Events whose money may be the order's total; what a layout finds there in others, such as GA4's `value`, is none. */
export const typesWithTotal: ReadonlySet<EventType | undefined> = new Set<EventType>([
  'add_to_cart',
  'checkout_started',
  'purchase',
  'refund'
])

/** An order's total as a line of no product: so the amounts of an event's lines add up to its own. */
export const totalLine = (amount: number): EventLine => ({
  productId: undefined,
  category: undefined,
  amount,
  quantity: 0
})

/** Undefined if no line has an amount. */
export function sumOf(lines: readonly EventLine[]): number | undefined {
  const amounts = lines.flatMap(({ amount }) => amount ?? [])
  return amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0)
}

/** What its prices name, for an event that names no currency itself. */
export const currencyOfPrices = ({ price, lines, order_total }: RawRecord): string | undefined =>
  currencyOfPrice(price) ?? currencyOfPrice(lines?.[0]?.price) ?? currencyOfPrice(order_total)
