import { createEventValues, type EventValues } from '../event-values.ts'
import { cutText } from '../fields.ts'
import { contractFields, type EventType } from '../layout.ts'
import { native } from '../layouts/native.ts'
import { idAt, ScannedEvent } from '../scanned-event.ts'
import { type DecodeOptions, type ExtraValue, faultBits, noExtra } from '../types.ts'

/** What a name of an event's type stands for. */
export interface KnownType {
  readonly type: EventType | undefined
  readonly name: string
  readonly isUnknown: boolean
}

/** Fields by their place in the contract. */
export const fieldAt = Object.fromEntries(contractFields.map((field, at) => [field, at])) as Readonly<
  Record<(typeof contractFields)[number], number>
>

/** Of the fields that are ids. */
const idOfField = new Int32Array(contractFields.length)
idOfField[fieldAt.event_id] = idAt.event
idOfField[fieldAt.user_id] = idAt.user
idOfField[fieldAt.session_id] = idAt.session
idOfField[fieldAt.order_id] = idAt.order

/** Writes an event field by field, as the bytes of its record are read. */
export class EventWriter {
  readonly event = new ScannedEvent()
  type: KnownType | undefined = undefined
  price: number | string | undefined = undefined
  quantity: number | string | undefined = undefined
  private readonly currency: string
  private readonly values: EventValues
  private readonly meanings: ReadonlyMap<string, EventType | 'other'>
  private currencyText: string | undefined = undefined

  constructor(options: DecodeOptions) {
    this.currency = options.currency
    this.values = createEventValues(options)
    this.meanings = new Map(Object.entries((options.layout ?? native).eventTypes))
  }

  typeOf(text: string): KnownType {
    const meaning = this.meanings.get(text)
    const type = meaning === 'other' ? undefined : meaning
    return { type, name: type ?? cutText(text), isUnknown: meaning === undefined }
  }

  begin(bytes: Buffer): void {
    const { event } = this
    event.bytes = bytes
    event.eventTime = Number.NaN
    for (let id = 0; id < event.prints.length; id++) {
      event.prints[id] = 0
      event.lengths[id] = 0
    }
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

  /** The event has these fields: a bit each. */
  has(bits: number, isNumber: boolean): void {
    this.event.present |= bits
    if (isNumber) this.event.numeric |= bits
  }

  /** The print is that which `prints` read last. */
  id(field: number, prints: { readonly print: number }, start: number, end: number): void {
    const { event } = this
    const id = idOfField[field] as number
    event.prints[id] = prints.print
    event.starts[id] = start
    event.lengths[id] = end - start
  }

  name(field: number, text: string, hint: number): void {
    const { event } = this
    event.hints[field] = hint
    switch (field) {
      case fieldAt.product_id:
        event.productId = text
        break
      case fieldAt.category:
        event.category = text
        break
      case fieldAt.currency:
        this.currencyText = text
        break
      case fieldAt.payment_method:
        event.paymentMethod = text
        break
      case fieldAt.country:
        event.country = text
        break
      default:
        event.device = text
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
    event.quantity = this.quantity === undefined ? 1 : values.quantityOf(this.quantity)
    event.amount = values.amountOf(this.price, event.quantity, type.type, event.currency)
    event.extra = extra
    event.faults = values.faults
    return event
  }
}
