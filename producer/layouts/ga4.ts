import type { WriteLine } from '../record.ts'
import type { Step } from '../step.ts'
import { gatherItems, type Item, orderAmount } from './order.ts'

const names: Record<Step['type'], string> = {
  page_view: 'page_view',
  search: 'view_search_results',
  product_view: 'view_item',
  add_to_cart: 'add_to_cart',
  remove_from_cart: 'remove_from_cart',
  checkout_started: 'begin_checkout',
  purchase: 'purchase',
  refund: 'refund'
}

/**
 * A row of the BigQuery export of Google Analytics 4 as JSON, in which whole numbers are texts. An order is one record
 * with all of its items. It has no id of the event.
 */
export function ga4Lines(_: number, currency: string): WriteLine {
  const gather = gatherItems()
  return function writeLine(identity, step, eventTime) {
    const items = gather(step)
    if (!items) return undefined
    const value = orderAmount(items)
    const ordered = step.paymentMethod !== undefined
    const params: unknown[] = [{ key: 'ga_session_id', value: { int_value: String(identity.number) } }]
    const addText = (key: string, text: string) => params.push({ key, value: { string_value: text } })
    if (items.length > 0) addText('currency', currency)
    if (items.length > 0 && value !== undefined) params.push({ key: 'value', value: { double_value: value } })
    if (step.paymentMethod !== undefined) {
      addText('transaction_id', identity.orderId)
      addText('payment_type', step.paymentMethod)
    }
    return JSON.stringify({
      event_date: new Date(eventTime).toISOString().slice(0, 10).replaceAll('-', ''),
      event_timestamp: String(eventTime * 1_000),
      event_name: names[step.type],
      event_params: params,
      user_id: identity.userId,
      user_pseudo_id: pseudonym(identity.userId ?? identity.sessionId),
      device: { category: identity.device },
      geo: { country: identity.country },
      platform: 'WEB',
      ecommerce: ordered
        ? {
            transaction_id: identity.orderId,
            unique_items: String(items.length),
            [step.type === 'refund' ? 'refund_value' : 'purchase_revenue']: value
          }
        : undefined,
      items: items.map(itemOf)
    })
  }
}

function itemOf({ product, price, quantity }: Item) {
  return { item_id: product.id, item_category: product.category, price, quantity: String(quantity) }
}

/** The id of a browser: two numbers, the same for the same name. */
function pseudonym(name: string): string {
  let hash = 2_166_136_261
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 16_777_619)
  return `${hash >>> 0}.${name.length}`
}
