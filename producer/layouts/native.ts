import type { WriteLine } from '../record.ts'
import { isoTimes } from '../times.ts'

/** cartwatch's own contract. Every text in it is made of plain letters. */
export function nativeLines(seed: number, currency: string): WriteLine {
  const name = (seed >>> 0).toString(36)
  const isoTime = isoTimes()
  let count = 0
  return function writeLine(identity, step, eventTime) {
    count += 1
    let line = `{"event_id":"e-${name}-${count.toString(36)}","event_type":"${step.type}","event_time":"${isoTime(eventTime)}"`
    if (identity.userId !== undefined) line += `,"user_id":"${identity.userId}"`
    line += `,"session_id":"${identity.sessionId}"`
    if (step.product) line += `,"product_id":"${step.product.id}","category":"${step.product.category}"`
    if (step.price !== undefined) line += `,"price":${step.price}`
    if (step.quantity !== 1) line += `,"quantity":${step.quantity}`
    if (step.type !== 'page_view' && step.type !== 'search') line += `,"currency":"${currency}"`
    if (step.paymentMethod !== undefined) {
      line += `,"order_id":"${identity.orderId}","payment_method":"${step.paymentMethod}"`
    }
    return `${line},"country":"${identity.country}","device":"${identity.device}"}`
  }
}
