import type { LayoutField } from '../decode/layout.ts'
import { isCurrencyCode } from '../decode/money/currency-digits.ts'
import { createReadMoney } from '../decode/money/read-money.ts'
import { createParseTime, parseEventTime } from '../decode/time.ts'

const readMoney = createReadMoney({ fields: {}, eventTypes: {}, timeUnit: 'auto', absent: [] })
const earliestMs = Date.UTC(2000, 0)
const latestMs = Date.UTC(2100, 0)

/** Whether a value can be that of a field. */
export function fits(field: LayoutField, value: unknown): boolean {
  switch (field) {
    case 'event_time':
      return isTime(value)
    case 'price':
    case 'order_total':
      return !Number.isNaN(readMoney(value, 'USD'))
    case 'quantity':
      return typeof value !== 'object' && !Number.isNaN(readMoney(value, 'USD'))
    case 'currency':
      return typeof value === 'string' && isCurrencyCode(value)
    case 'event_type':
    case 'category':
    case 'payment_method':
    case 'country':
    case 'device':
      return typeof value === 'string' && value.length <= 100
    case 'event_id':
    case 'user_id':
    case 'session_id':
    case 'product_id':
    case 'order_id':
      return (typeof value === 'string' || typeof value === 'number') && String(value).length <= 200
    default:
      return field satisfies never
  }
}

/** A date with slashes is one in either order: the values decide which. */
const parsers = [
  parseEventTime,
  ...(['day_first', 'month_first'] as const).map(dateOrder =>
    createParseTime({ fields: {}, eventTypes: {}, timeUnit: 'auto', absent: [], dateOrder })
  )
]

/** A moment of these years: small numbers would be one of 1970. */
function isTime(value: unknown): boolean {
  if (typeof value === 'boolean') return false
  return parsers.some(parse => {
    const ms = parse(value)
    return ms !== undefined && ms >= earliestMs && ms < latestMs
  })
}

/** Whether an object is a value by itself: a time or money in a form of several keys, and of nothing else. */
export function isValue(value: object): boolean {
  if (parseEventTime(value) !== undefined) return true
  const keys = Array.isArray(value) ? [] : Object.keys(value)
  return keys.length > 0 && keys.every(key => moneyKey.test(key)) && !Number.isNaN(readMoney(value, 'USD'))
}

const moneyKey = /^\$|amount|currency|^(value|units|nanos|scale|precision|type|code)$|digits|micros|cents/i

/** Whether a text can be a decimal as Kafka Connect writes it in JSON. */
export const isBase64 = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length % 4 === 0 &&
  value.length <= 24 &&
  /^(?=.*[A-Za-z+/=])[A-Za-z0-9+/]+={0,2}$/.test(value)
