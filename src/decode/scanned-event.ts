import { printOfText } from './id-print.ts'
import type { EventType } from './layout.ts'
import { textOf } from './scan/latin1.ts'
import { type ExtraValue, noExtra, type ShopEvent } from './types.ts'

const noBytes = Buffer.alloc(0)

/** An id's place in a record's bytes; without a length there is none. */
export interface IdPlace {
  start: number
  length: number
}

const noPlace = (): IdPlace => ({ start: 0, length: 0 })

/**
 * An event as its bytes were read: of its ids there are the prints (`idPrint`; 0 where it has none), and their texts, which are
 * ASCII, only when they are asked for. One of these is used again for each record: `keptEvent` copies what must be kept.
 */
export class ScannedEvent implements ShopEvent {
  type: EventType | 'unknown' = 'unknown'
  typeName = ''
  eventTime = 0
  eventPrint = 0
  userPrint = 0
  sessionPrint = 0
  orderPrint = 0
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
  readonly eventPlace = noPlace()
  readonly userPlace = noPlace()
  readonly sessionPlace = noPlace()
  readonly orderPlace = noPlace()

  get eventId(): string | undefined {
    return this.textAt(this.eventPlace)
  }

  get userId(): string | undefined {
    return this.textAt(this.userPlace)
  }

  get sessionId(): string | undefined {
    return this.textAt(this.sessionPlace)
  }

  get orderId(): string | undefined {
    return this.textAt(this.orderPlace)
  }

  private textAt({ start, length }: IdPlace): string | undefined {
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

export const eventPrintOf = (event: ShopEvent): number =>
  event instanceof ScannedEvent ? event.eventPrint : printOfText(event.eventId)

export const userPrintOf = (event: ShopEvent): number =>
  event instanceof ScannedEvent ? event.userPrint : printOfText(event.userId)

export const sessionPrintOf = (event: ShopEvent): number =>
  event instanceof ScannedEvent ? event.sessionPrint : printOfText(event.sessionId)

export const orderPrintOf = (event: ShopEvent): number =>
  event instanceof ScannedEvent ? event.orderPrint : printOfText(event.orderId)

export const hasEventId = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? event.eventPrint !== 0 : event.eventId !== undefined

export const hasUser = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? event.userPrint !== 0 : event.userId !== undefined

export const hasSession = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? event.sessionPrint !== 0 : event.sessionId !== undefined

export const hasOrder = (event: ShopEvent): boolean =>
  event instanceof ScannedEvent ? event.orderPrint !== 0 : event.orderId !== undefined
