import { type ContractField, contractFields } from '../decode/layout.ts'
import { eventPrintOf, orderPrintOf, sessionPrintOf, userPrintOf } from '../decode/scanned-event.ts'
import type { EventLine, ShopEvent } from '../decode/types.ts'
import type { Dimension } from '../window/measure.ts'
import { isSegment } from '../window/segment.ts'

/** Longer values are cut. */
const maxValueLength = 100

interface Read {
  /** Of the event's value, `idPrint`; absent where only the text gives it. */
  readonly printOf?: (event: ShopEvent) => number
  readonly of: (event: ShopEvent) => string | undefined
  readonly ofLine?: (line: EventLine) => string | undefined
}

/** Fields of the contract whose values can be segments. */
export const textFields: { readonly [field in ContractField]?: Read } = {
  event_type: { of: event => event.typeName },
  event_id: { of: event => event.eventId, printOf: eventPrintOf },
  user_id: { of: event => event.userId, printOf: userPrintOf },
  session_id: { of: event => event.sessionId, printOf: sessionPrintOf },
  product_id: { of: event => event.productId, ofLine: line => line.productId },
  category: { of: event => event.category, ofLine: line => line.category },
  currency: { of: event => event.currency },
  order_id: { of: event => event.orderId, printOf: orderPrintOf },
  payment_method: { of: event => event.paymentMethod },
  country: { of: event => event.country },
  device: { of: event => event.device }
}

/** A field of the contract, or a further one by its place in the events' `extra`. */
export function createDimension(field: string, extraFields: readonly string[]): Dimension {
  const isFurther = !isContractText(field)
  return {
    name: field,
    hintAt: isFurther
      ? contractFields.length + extraFields.indexOf(field)
      : contractFields.indexOf(field as ContractField),
    ...readerOf(field, extraFields),
    clean: cleanValue,
    label: value => `${field}=${value}`
  }
}

/** Two fields together: a value is the whole name of its segment, such as `country=DE × payment_method=paypal`. */
export function createCombination(
  [first, second]: readonly [string, string],
  extraFields: readonly string[]
): Dimension {
  const one = readerOf(first, extraFields)
  const other = readerOf(second, extraFields)
  const both = (a: string | undefined, b: string | undefined) => {
    const cleanA = a === undefined ? '' : cleanValue(a)
    const cleanB = b === undefined ? '' : cleanValue(b)
    return cleanA === '' || cleanB === '' ? undefined : `${first}=${cleanA} × ${second}=${cleanB}`
  }
  const ofLine = (read: Read, line: EventLine, event: ShopEvent) =>
    read.ofLine === undefined ? read.of(event) : read.ofLine(line)
  return {
    name: combinationName(first, second),
    of: event => both(one.of(event), other.of(event)),
    ...((one.ofLine ?? other.ofLine) && {
      ofLine: (line, event) => both(ofLine(one, line, event), ofLine(other, line, event))
    }),
    clean: value => value,
    label: value => (isSegment(value) ? value : `${first} × ${second}=${value}`)
  }
}

export const combinationName = (first: string, second: string) => `${first} × ${second}`

function readerOf(field: string, extraFields: readonly string[]): Read {
  const known = textFields[field as ContractField]
  if (known !== undefined) return known
  const place = extraFields.indexOf(field)
  return {
    of: ({ extra }) => {
      const value = extra[place]
      return value === undefined || typeof value === 'string' ? value : String(value)
    }
  }
}

/** Nearly all are: then nothing has to be looked for. */
const isClean = /^[!-~](?:[ -~]*[!-~])?$/

/**
 * What is kept of a value; empty where nothing is. No surrogate pair is cut in half, and none looks like a combination: its
 * second part would be a label that routes and silences match.
 */
function cleanValue(value: string): string {
  if (value.length <= maxValueLength && isClean.test(value)) return value
  const trimmed = value
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .replace(/(?<=\s)×(?=\s)/gu, 'x')
    .trim()
  if (trimmed.length <= maxValueLength) return trimmed
  return trimmed
    .slice(0, maxValueLength)
    .replace(/[\ud800-\udbff]$/, '')
    .trim()
}

export const isContractText = (field: string): boolean => Object.hasOwn(textFields, field)
