import type { Step } from './session.ts'

/** Who walks a session. */
export interface Identity {
  readonly sessionId: string
  readonly userId: string | undefined
  /** The order of the session, should it come to one. */
  readonly orderId: string
  readonly country: string
  readonly device: string
  readonly paymentMethod: string
  /** In [0, 1): which sessions a partial stop of the recording loses. */
  readonly luck: number
}

/** Writes steps as JSON lines with running event ids. Every text in them is made of plain letters. */
export function lineWriter(seed: number): (identity: Identity, step: Step, eventTime: number) => string {
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
    if (step.type !== 'page_view' && step.type !== 'search') line += ',"currency":"USD"'
    if (step.ordered) {
      line += `,"order_id":"${identity.orderId}","payment_method":"${identity.paymentMethod}"`
    }
    return `${line},"country":"${identity.country}","device":"${identity.device}"}`
  }
}

/** ISO 8601 in UTC; the second's part is kept from call to call, since events of one second come together. */
function isoTimes(): (timeMs: number) => string {
  let second = Number.NaN
  let prefix = ''
  return function isoTime(timeMs) {
    const current = Math.floor(timeMs / 1_000)
    if (current !== second) {
      second = current
      prefix = new Date(current * 1_000).toISOString().slice(0, 20)
    }
    const ms = timeMs - current * 1_000
    return `${prefix}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`
  }
}
