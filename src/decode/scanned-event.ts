import { printOfText } from './id-print.ts'
import { contractFields, type EventType } from './layout.ts'
import { textOf } from './scan/latin1.ts'
import { type ExtraValue, noExtra, type ShopEvent } from './types.ts'

const noBytes = Buffer.alloc(0)

/** More fields than that are read by a parse. */
const mostFurther = 32

/** Ids by their place in the arrays of a scanned event. */
export const idAt = { event: 0, user: 1, session: 2, order: 3 } as const
const ids = Object.keys(idAt).length

/**
 * An event as its bytes were read: of its ids there are the prints (`idPrint`; 0 where it has none), and their texts, which are
 * ASCII, only when they are asked for. One of these is used again for each record: `keptEvent` copies what must be kept. In
 * an array a double is no object of its own, as it is in a field that changes.
 */
export class ScannedEvent implements ShopEvent {
  type: EventType | 'unknown' = 'unknown'
  typeName = ''
  eventTime = 0
  productId: string | undefined = undefined
  category: string | undefined = undefined
  paymentMethod: string | undefined = undefined
  country: string | undefined = undefined
  device: string | undefined = undefined
  currency = ''
  amount: number | undefined = undefined
  quantity = 1
  readonly lines = undefined
  present = 0
  numeric = 0
  extra: readonly ExtraValue[] = noExtra
  faults = 0
  bytes: Buffer = noBytes
  readonly prints = new Float64Array(ids)
  /**
   * Of the names, by their field's place in the contract and further fields behind those: a number that the same name mostly
   * has again, and another seldom. Below 0 there is none, and one may be left of an earlier name.
   */
  readonly hints = new Int32Array(contractFields.length + mostFurther).fill(-1)
  /** Where the texts lie in the record's bytes; without a length there is none. */
  readonly starts = new Int32Array(ids)
  readonly lengths = new Int32Array(ids)

  get eventId(): string | undefined {
    return this.textAt(idAt.event)
  }

  get userId(): string | undefined {
    return this.textAt(idAt.user)
  }

  get sessionId(): string | undefined {
    return this.textAt(idAt.session)
  }

  get orderId(): string | undefined {
    return this.textAt(idAt.order)
  }

  private textAt(id: number): string | undefined {
    const start = this.starts[id] as number
    const length = this.lengths[id] as number
    return length === 0 ? undefined : textOf(this.bytes, start, start + length)
  }
}

/** The event, with its texts, for as long as it is needed: it holds nothing of the record's bytes. */
export function keptEvent(event: ShopEvent): ShopEvent {
  if (!(event instanceof ScannedEvent)) return event
  return {
    type: event.type,
    typeName: event.typeName,
    eventTime: event.eventTime,
    eventId: event.eventId,
    userId: event.userId,
    sessionId: event.sessionId,
    productId: event.productId,
    category: event.category,
    orderId: event.orderId,
    paymentMethod: event.paymentMethod,
    country: event.country,
    device: event.device,
    currency: event.currency,
    amount: event.amount,
    quantity: event.quantity,
    lines: event.lines,
    present: event.present,
    numeric: event.numeric,
    extra: event.extra,
    faults: event.faults
  }
}

type PrintOf = (event: ShopEvent) => number

const printAt = (event: ScannedEvent, id: number): number => event.prints[id] as number

export const eventPrintOf: PrintOf = event =>
  event instanceof ScannedEvent ? printAt(event, idAt.event) : printOfText(event.eventId)

export const userPrintOf: PrintOf = event =>
  event instanceof ScannedEvent ? printAt(event, idAt.user) : printOfText(event.userId)

export const sessionPrintOf: PrintOf = event =>
  event instanceof ScannedEvent ? printAt(event, idAt.session) : printOfText(event.sessionId)

export const orderPrintOf: PrintOf = event =>
  event instanceof ScannedEvent ? printAt(event, idAt.order) : printOfText(event.orderId)

/** In the order of `idAt`. */
const printsOf: readonly PrintOf[] = [eventPrintOf, userPrintOf, sessionPrintOf, orderPrintOf]

/** Which of the prints of a scanned event this one is; -1 where it is none of them. */
export const idOfPrint = (printOf: PrintOf): number => printsOf.indexOf(printOf)

export const hasEventId = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? printAt(event, idAt.event) !== 0 : event.eventId !== undefined

export const hasUser = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? printAt(event, idAt.user) !== 0 : event.userId !== undefined

export const hasSession = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? printAt(event, idAt.session) !== 0 : event.sessionId !== undefined

export const hasOrder = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? printAt(event, idAt.order) !== 0 : event.orderId !== undefined
