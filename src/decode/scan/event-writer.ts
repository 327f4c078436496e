import { createEventValues, type EventValues } from '../event-values.ts'
import { cutText } from '../fields.ts'
import { contractFields, type EventType } from '../layout.ts'
import { native } from '../layouts/native.ts'
import { type IdPlace, ScannedEvent } from '../scanned-event.ts'
import { createParseTime, parseIsoBytes } from '../time.ts'
import { type DecodeOptions, type ExtraValue, faultBits, noExtra } from '../types.ts'
import { NumberScan } from './number-scan.ts'
import { createTextCache, textOf } from './text-cache.ts'
import type { TextScan } from './text-scan.ts'

interface KnownType {
  readonly type: EventType | undefined
  readonly name: string
  readonly isUnknown: boolean
}

const place = Object.fromEntries(contractFields.map((field, at) => [field, at])) as Readonly<
  Record<(typeof contractFields)[number], number>
>
/** Longer ids are cut, by the parse. */
const maxIdLength = 256

/**
 * Writes an event field by field, as the bytes of its record are read. Each method says false of a value that only a parse reads
 * right.
 */
export class EventWriter {
  readonly event = new ScannedEvent()
  private readonly currency: string
  private readonly values: EventValues
  private readonly parseTime: (value: unknown) => number | undefined
  private readonly types
  private readonly texts = createTextCache(cutText)
  private readonly digits = new NumberScan()
  private type: KnownType | undefined
  private currencyText: string | undefined
  private price: number | string | undefined
  private quantity: number | string | undefined

  constructor(options: DecodeOptions) {
    const { layout = native } = options
    this.currency = options.currency
    this.values = createEventValues(options)
    this.parseTime = createParseTime(layout)
    const meanings = new Map(Object.entries(layout.eventTypes))
    this.types = createTextCache((text): KnownType => {
      const meaning = meanings.get(text)
      const type = meaning === 'other' ? undefined : meaning
      return { type, name: type ?? cutText(text), isUnknown: meaning === undefined }
    })
  }

  begin(bytes: Buffer): void {
    const { event } = this
    event.bytes = bytes
    event.eventTime = Number.NaN
    event.eventPrint = 0
    event.userPrint = 0
    event.sessionPrint = 0
    event.orderPrint = 0
    event.eventPlace.length = 0
    event.userPlace.length = 0
    event.sessionPlace.length = 0
    event.orderPlace.length = 0
    event.productId = undefined
    event.category = undefined
    event.paymentMethod = undefined
    event.country = undefined
    event.device = undefined
    event.present = 0
    event.numeric = 0
    this.type = undefined
    this.currencyText = undefined
    this.price = undefined
    this.quantity = undefined
  }

  /** A text of plain ASCII, not empty. */
  text(field: number, start: number, end: number, print: number): boolean {
    const { event } = this
    const { bytes } = event
    event.present |= 1 << field
    switch (field) {
      case place.event_time:
        event.eventTime = parseIsoBytes(bytes, start, end)
        return !Number.isNaN(event.eventTime)
      case place.event_type:
        this.type = this.types.get(bytes, start, end, print)
        return true
      case place.price:
      case place.quantity:
        return this.decimal(field, start, end)
      case place.currency:
        this.currencyText = this.texts.get(bytes, start, end, print)
        return true
      default:
        return this.id(field, start, end, print) || this.name(field, this.texts.get(bytes, start, end, print))
    }
  }

  /** A text beyond ASCII. */
  wideText(field: number, start: number, end: number): boolean {
    this.event.present |= 1 << field
    return this.name(field, cutText(this.event.bytes.toString('utf8', start, end)))
  }

  /** The number that was read, whose first byte is at `start`. */
  number(field: number, { value, isInteger, end }: NumberScan, start: number, texts: TextScan): boolean {
    const { event } = this
    event.present |= 1 << field
    event.numeric |= 1 << field
    switch (field) {
      case place.event_time:
        event.eventTime = this.parseTime(value) ?? Number.NaN
        return !Number.isNaN(event.eventTime)
      case place.price:
        this.price = value
        return true
      case place.quantity:
        this.quantity = value
        return true
      case place.event_type:
      case place.currency:
        return false
      default: {
        if (!isInteger) return false
        const print = texts.printOf(start, end)
        return (
          this.id(field, start, end, print) ||
          this.name(field, this.texts.get(event.bytes, start, end, print))
        )
      }
    }
  }

  /** The event, once all its values are written; undefined where it is none. */
  finish(extra: readonly ExtraValue[] = noExtra): ScannedEvent | undefined {
    const { event, values, type } = this
    if (type === undefined || Number.isNaN(event.eventTime)) return undefined
    values.faults = type.isUnknown ? faultBits.unknown_type : 0
    event.type = type.type ?? 'unknown'
    event.typeName = type.name
    event.currency =
      this.currencyText === undefined ? this.currency : values.currencyOf(this.currencyText, type.type)
    event.quantity = values.quantityOf(this.quantity)
    event.amount = values.amountOf(this.price, event.quantity, type.type, event.currency)
    event.extra = extra
    event.faults = values.faults
    return event
  }

  /** A number that is written as a text. */
  private decimal(field: number, start: number, end: number): boolean {
    const { bytes } = this.event
    if (!this.digits.read(bytes, start, end) || this.digits.end !== end) return false
    const text = textOf(bytes, start, end)
    if (field === place.price) this.price = text
    else this.quantity = text
    return true
  }

  private id(field: number, start: number, end: number, print: number): boolean {
    const { event } = this
    if (end - start > maxIdLength) return false
    switch (field) {
      case place.event_id:
        event.eventPrint = print
        return put(event.eventPlace, start, end)
      case place.user_id:
        event.userPrint = print
        return put(event.userPlace, start, end)
      case place.session_id:
        event.sessionPrint = print
        return put(event.sessionPlace, start, end)
      case place.order_id:
        event.orderPrint = print
        return put(event.orderPlace, start, end)
      default:
        return false
    }
  }

  private name(field: number, text: string): boolean {
    const { event } = this
    switch (field) {
      case place.product_id:
        event.productId = text
        return true
      case place.category:
        event.category = text
        return true
      case place.payment_method:
        event.paymentMethod = text
        return true
      case place.country:
        event.country = text
        return true
      case place.device:
        event.device = text
        return true
      default:
        return false
    }
  }
}

function put(idPlace: IdPlace, start: number, end: number): true {
  idPlace.start = start
  idPlace.length = end - start
  return true
}
