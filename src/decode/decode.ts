import { frameFaultHeader, unframe } from './envelope.ts'
import { currencyOfPrices, sumOf, totalLine, typesWithTotal } from './event-lines.ts'
import { cutText, lineAmount, maxPrice, maxQuantity, noCurrency, readCurrency, typeNameOf } from './fields.ts'
import { headersIn, isCloudEvent } from './headers.ts'
import type { EventType } from './layout.ts'
import { native } from './layouts/native.ts'
import { maxLines } from './list.ts'
import { createReadMoney } from './money/read-money.ts'
import { headerText, joined, ofPart } from './parts.ts'
import { createReadRecord, type ReadResult } from './read-record.ts'
import { isAbsent, type RawLine, type RawRecord } from './record.ts'
import type { SliceableBuffer } from './template.ts'
import { createTemplates, templateKeysOf } from './templates.ts'
import { createParseTime } from './time.ts'
import {
  type DeadReason,
  type Decode,
  type Decoded,
  type DecodedPart,
  type DecodeOptions,
  type EventLine,
  faultBits,
  type RecordHeaders
} from './types.ts'

/** The decoder of the hot path; never throws. A test compares it with the contract's schema in test/support. */
// oxlint-disable-next-line max-lines-per-function -- the hot path: what it needs is set up once, not for each event
export const createDecode = ({
  currency,
  knownCurrencies,
  maxBytes,
  layout = native,
  extraFields = []
}: DecodeOptions): Decode => {
  const { eventType } = layout.structure ?? {}
  const constant = eventType !== undefined && 'constant' in eventType ? eventType.constant : undefined
  const typeHeader = eventType !== undefined && 'header' in eventType ? eventType.header : undefined
  const types = new Map(Object.entries(layout.eventTypes))
  const parseTime = createParseTime(layout)
  const readMoney = createReadMoney(layout)
  const readQuantity = createReadMoney({
    ...layout,
    moneyScale: 0,
    decimal: layout.decimal === 'base64' ? 'auto' : layout.decimal
  })
  if (constant !== undefined) types.set(constant, constant)
  const readRecord = createReadRecord(layout, extraFields)
  const usesHeaders = headersIn(layout, extraFields).length > 0
  const keys = templateKeysOf(layout, extraFields)
  const readByTemplate = keys && createTemplates(keys)
  /** What says the type of the current record in place of a field. */
  let givenType: string | undefined = constant
  // Faults of the current record, reset for each: so field readers return one value.
  let faults = 0

  const text = (value: unknown): string | undefined => {
    if (typeof value === 'string') return value === '' ? undefined : cutText(value)
    if (value === undefined || value === null) return undefined
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
    faults |= faultBits.invalid_field
    return undefined
  }

  const currencyOf = (value: unknown, type: EventType | undefined): string => {
    if (value === currency || value === undefined || value === null || value === '') return currency
    const code = typeof value === 'string' ? readCurrency(value) : undefined
    if (code === undefined) faults |= faultBits.invalid_currency
    const name = code ?? noCurrency
    if (type === 'purchase' && name !== currency && !knownCurrencies.has(name)) {
      faults |= faultBits.unknown_currency
    }
    return name
  }

  const quantityOf = (value: unknown): number => {
    if (isAbsent(value)) return 1
    const quantity = readQuantity(value, noCurrency)
    if (quantity > 0 && quantity <= maxQuantity) return quantity
    faults |= faultBits.invalid_quantity
    return 1
  }

  /** Called after `quantityOf`: with a wrong quantity there is no amount. */
  const amount = (
    value: unknown,
    quantity: number,
    type: EventType | undefined,
    code: string
  ): number | undefined => {
    if (isAbsent(value)) {
      if (type === 'purchase' || type === 'add_to_cart' || type === 'checkout_started') {
        faults |= faultBits.missing_price
      }
      return undefined
    }
    const price = readMoney(value, code)
    if (price >= 0 && price <= maxPrice) {
      if ((faults & faultBits.invalid_quantity) !== 0) return undefined
      const product = lineAmount(price, quantity)
      if (product === undefined) faults |= faultBits.invalid_price
      return product
    }
    faults |=
      price < 0 && price !== Number.NEGATIVE_INFINITY ? faultBits.negative_price : faultBits.invalid_price
    return undefined
  }

  /** The money of an event whose lines have no price; a price that is wrong stays a fault. */
  const orderTotal = (value: unknown, type: EventType | undefined, code: string): number | undefined => {
    const total = readMoney(value, code)
    if (total >= 0 && total <= maxPrice) {
      faults &= ~faultBits.missing_price
      return lineAmount(total, 1)
    }
    // Only a purchase must have money: what GA4 calls the value of another event may be anything.
    if (type === 'purchase') faults |= total < 0 ? faultBits.negative_price : faultBits.invalid_price
    return undefined
  }

  /** Reads each line alone and joins their faults. A line that would make the sum inexact has no amount. */
  const linesOf = (
    raw: readonly RawLine[],
    type: EventType | undefined,
    code: string
  ): readonly EventLine[] => {
    let all = raw.length > maxLines ? faults | faultBits.invalid_field : faults
    let sum = 0
    const lines = raw.slice(0, maxLines).map((line): EventLine => {
      faults = 0
      const quantity = quantityOf(line.quantity)
      let own = amount(line.price, quantity, type, code)
      if (own !== undefined && sum + own > Number.MAX_SAFE_INTEGER) {
        own = undefined
        faults |= faultBits.invalid_price
      }
      sum += own ?? 0
      const event = { productId: text(line.product_id), category: text(line.category), amount: own, quantity }
      all |= faults
      return event
    })
    faults = all
    return lines
  }

  const eventOf = (record: RawRecord): DecodedPart => {
    const time = record.event_time
    if (time === undefined || time === null || time === '') return dead('missing_event_time')
    const eventTime = parseTime(time)
    return eventTime === undefined ? dead('invalid_event_time') : eventAt(eventTime, record)
  }

  const eventAt = (eventTime: number, record: RawRecord): DecodedPart => {
    const typeName = givenType ?? typeNameOf(record.event_type)
    if (typeName === undefined) return dead('missing_event_type')
    const meaning = types.get(typeName)
    const type = meaning === 'other' ? undefined : meaning
    faults = meaning === undefined ? faultBits.unknown_type : 0
    const code = currencyOf(record.currency ?? currencyOfPrices(record), type)
    let lines = record.lines === undefined ? undefined : linesOf(record.lines, type, code)
    const quantity =
      lines === undefined ? quantityOf(record.quantity) : lines.reduce((sum, line) => sum + line.quantity, 0)
    let eventAmount = lines === undefined ? amount(record.price, quantity, type, code) : sumOf(lines)
    if (eventAmount === undefined && typesWithTotal.has(type) && !isAbsent(record.order_total)) {
      eventAmount = orderTotal(record.order_total, type, code)
      if (eventAmount !== undefined && lines !== undefined) lines = [...lines, totalLine(eventAmount)]
    }
    return {
      kind: 'event',
      event: {
        type: type ?? 'unknown',
        typeName: type ?? cutText(typeName),
        eventTime,
        eventId: text(record.event_id),
        userId: text(record.user_id),
        sessionId: text(record.session_id),
        productId: text(record.product_id),
        category: text(record.category),
        orderId: text(record.order_id),
        paymentMethod: text(record.payment_method),
        country: text(record.country),
        device: text(record.device),
        currency: code,
        amount: eventAmount,
        quantity,
        lines,
        present: record.present,
        numeric: record.numeric,
        extra: record.extra,
        // Last: properties are evaluated in this order, and every reader above may add faults.
        faults
      }
    }
  }

  const decodeBytes = (framed: Buffer, headers?: RecordHeaders): Decoded => {
    const bytes = unframe(framed)
    if (bytes === undefined) return dead(frameFaultOf(headers))
    if (usesHeaders || isCloudEvent(headers)) return decodeText(bytes.toString(), headers)
    const shaped = readByTemplate?.(bytes as SliceableBuffer)
    if (shaped === undefined) return decodeText(bytes.toString())
    return Number.isNaN(shaped.eventTimeMs) ? eventOf(shaped) : eventAt(shaped.eventTimeMs, shaped)
  }

  const partOf = (read: ReadResult): DecodedPart => (read.kind === 'one' ? eventOf(read.record) : read)

  const decodeText = (json: string, headers?: RecordHeaders): Decoded => {
    const read = readRecord(json, headers)
    return read.kind === 'several'
      ? joined(read.parts.map(one => ofPart(partOf(one.result), one)))
      : partOf(read)
  }

  return function decode(value, headers) {
    if (value === null) return { kind: 'skipped', reason: 'tombstone' }
    if (isTooLarge(value, maxBytes)) return dead('too_large')
    if (typeHeader !== undefined) givenType = headerText(headers?.[typeHeader])
    if (typeof value !== 'string') return decodeBytes(value, headers)
    return value.startsWith('\0') ? decodeBytes(Buffer.from(value), headers) : decodeText(value, headers)
  }
}

/** Why a frame could not be read where a schema registry was asked. */
function frameFaultOf(headers: RecordHeaders | undefined): DeadReason {
  const fault = headers?.[frameFaultHeader]
  return fault === 'unknown_schema' || fault === 'schema_mismatch' ? fault : 'unsupported_encoding'
}

const dead = (reason: DeadReason): DecodedPart => ({ kind: 'dead', reason })

/** A string has at most three bytes for each code unit: its bytes are counted only if that could exceed the limit. */
function isTooLarge(value: Buffer | string, maxBytes: number): boolean {
  if (typeof value !== 'string') return value.length > maxBytes
  return value.length > maxBytes || (value.length * 3 > maxBytes && Buffer.byteLength(value) > maxBytes)
}
