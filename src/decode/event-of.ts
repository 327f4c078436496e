import { currencyOfPrices, sumOf, totalLine, typesWithTotal } from './event-lines.ts'
import { createEventValues, type EventValues } from './event-values.ts'
import { cutText, typeNameOf } from './fields.ts'
import type { EventType } from './layout.ts'
import { native } from './layouts/native.ts'
import { maxLines } from './list.ts'
import { isAbsent, type RawLine, type RawRecord } from './record.ts'
import { createParseTime } from './time.ts'
import { type DecodedPart, type DecodeOptions, type EventLine, faultBits } from './types.ts'

/** Makes an event of a record's values. `givenType` says its type in place of a field. */
export function createEventOf(
  options: DecodeOptions
): (record: RawRecord, givenType: string | undefined) => DecodedPart {
  const { layout = native } = options
  const { eventType } = layout.structure ?? {}
  const types = new Map(Object.entries(layout.eventTypes))
  if (eventType !== undefined && 'constant' in eventType) types.set(eventType.constant, eventType.constant)
  const parseTime = createParseTime(layout)
  const values = createEventValues(options)

  function eventAt(eventTime: number, record: RawRecord, givenType: string | undefined): DecodedPart {
    const typeName = givenType ?? typeNameOf(record.event_type)
    if (typeName === undefined) return dead('missing_event_type')
    const meaning = types.get(typeName)
    const type = meaning === 'other' ? undefined : meaning
    values.faults = meaning === undefined ? faultBits.unknown_type : 0
    const code = values.currencyOf(record.currency ?? currencyOfPrices(record), type)
    let lines = record.lines === undefined ? undefined : linesOf(values, record.lines, type, code)
    const quantity =
      lines === undefined
        ? values.quantityOf(record.quantity)
        : lines.reduce((sum, line) => sum + line.quantity, 0)
    let amount = lines === undefined ? values.amountOf(record.price, quantity, type, code) : sumOf(lines)
    if (amount === undefined && typesWithTotal.has(type) && !isAbsent(record.order_total)) {
      amount = values.totalOf(record.order_total, type, code)
      if (amount !== undefined && lines !== undefined) lines = [...lines, totalLine(amount)]
    }
    return {
      kind: 'event',
      event: {
        type: type ?? 'unknown',
        typeName: type ?? cutText(typeName),
        eventTime,
        eventId: values.text(record.event_id),
        userId: values.text(record.user_id),
        sessionId: values.text(record.session_id),
        productId: values.text(record.product_id),
        category: values.text(record.category),
        orderId: values.text(record.order_id),
        paymentMethod: values.text(record.payment_method),
        country: values.text(record.country),
        device: values.text(record.device),
        currency: code,
        amount,
        quantity,
        lines,
        present: record.present,
        numeric: record.numeric,
        extra: record.extra,
        // Last: properties are evaluated in this order, and every reader above may add faults.
        faults: values.faults
      }
    }
  }

  return function eventOf(record, givenType) {
    const time = record.event_time
    if (isAbsent(time)) return dead('missing_event_time')
    const eventTime = parseTime(time)
    return eventTime === undefined ? dead('invalid_event_time') : eventAt(eventTime, record, givenType)
  }
}

/** Reads each line alone and joins their faults. A line that would make the sum inexact has no amount. */
function linesOf(
  values: EventValues,
  raw: readonly RawLine[],
  type: EventType | undefined,
  code: string
): readonly EventLine[] {
  let all = raw.length > maxLines ? values.faults | faultBits.invalid_field : values.faults
  let sum = 0
  const lines = raw.slice(0, maxLines).map((line): EventLine => {
    values.faults = 0
    const quantity = values.quantityOf(line.quantity)
    let own = values.amountOf(line.price, quantity, type, code)
    if (own !== undefined && sum + own > Number.MAX_SAFE_INTEGER) {
      own = undefined
      values.faults |= faultBits.invalid_price
    }
    sum += own ?? 0
    const event = {
      productId: values.text(line.product_id),
      category: values.text(line.category),
      amount: own,
      quantity
    }
    all |= values.faults
    return event
  })
  values.faults = all
  return lines
}

const dead = (reason: Extract<DecodedPart, { kind: 'dead' }>['reason']): DecodedPart => ({
  kind: 'dead',
  reason
})
