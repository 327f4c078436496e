import { z } from 'zod'
import { cutText, lineAmount, maxPrice, maxQuantity, noCurrency } from '../../src/decode/fields.ts'
import { contractFields, type EventType, eventTypes } from '../../src/decode/layout.ts'
import { native } from '../../src/decode/layouts/native.ts'
import { createReadMoney } from '../../src/decode/money/read-money.ts'
import { isAbsent } from '../../src/decode/record.ts'
import { parseEventTime } from '../../src/decode/time.ts'
import {
  type DeadReason,
  type Decoded,
  type DecodeOptions,
  type Fault,
  faultBits,
  noExtra,
  type ShopEvent
} from '../../src/decode/types.ts'

/**
 * The contract of an event, and its documentation. A record that fails it is a dead letter: each issue carries its
 * `reason` in `params`. A business field that is wrong does not fail: it leaves a fault in the event.
 */
export const createEventSchema = ({
  currency,
  knownCurrencies
}: Pick<DecodeOptions, 'currency' | 'knownCurrencies'>) =>
  z
    .object({
      event_time: eventTime.describe(
        'When it happened: ISO 8601 (no zone is UTC; a space may stand for the T), an epoch in seconds (below 1e11) to nanoseconds, or another form that means one thing only. Required.'
      ),
      event_type: eventType.describe(`What happened, one of ${eventTypes.join(', ')}. Required.`),
      event_id: optionalText.describe('Names the event. A second event with the same id counts again.'),
      user_id: optionalText.describe('Who, where known.'),
      session_id: optionalText.describe('The visit: visits, carts and purchases are counted by it.'),
      product_id: optionalText.describe('The product that was viewed, put into the cart or bought.'),
      category: optionalText.describe('The category of the product.'),
      price: price.describe(
        'Price of one piece in units of the currency. Required for add_to_cart, checkout_started and purchase.'
      ),
      quantity: quantity.describe('How many pieces, 1 when absent; parts of one (1.5 kg) are allowed.'),
      currency: currencyCode.describe('ISO 4217, three letters; the currency of the shop when absent.'),
      order_id: optionalText.describe('The order: orders are counted by it, purchases where it is absent.'),
      payment_method: optionalText.describe('How it was paid, such as card or paypal.'),
      country: optionalText.describe('The country of the visitor or of the order.'),
      device: optionalText.describe('Such as desktop, mobile or tablet.')
    })
    .transform((record): Omit<ShopEvent, 'present' | 'numeric'> => {
      const type = eventTypes.find(known => known === record.event_type)
      const code = record.currency.code ?? currency
      const isStrange = code !== currency && !knownCurrencies.has(code)
      const amount =
        record.price.number === undefined || record.quantity.fault !== undefined
          ? undefined
          : lineAmount(record.price.number, record.quantity.number)
      const isTooMuch =
        record.price.number !== undefined && record.quantity.fault === undefined && amount === undefined
      const texts = [
        record.event_id,
        record.user_id,
        record.session_id,
        record.product_id,
        record.category,
        record.order_id,
        record.payment_method,
        record.country,
        record.device
      ]
      return {
        type: type ?? 'unknown',
        typeName: cutText(record.event_type),
        eventTime: record.event_time,
        eventId: record.event_id.text,
        userId: record.user_id.text,
        sessionId: record.session_id.text,
        productId: record.product_id.text,
        category: record.category.text,
        orderId: record.order_id.text,
        paymentMethod: record.payment_method.text,
        country: record.country.text,
        device: record.device.text,
        currency: code,
        amount,
        quantity: record.quantity.number,
        lines: undefined,
        extra: noExtra,
        faults: sumOf([
          type === undefined ? 'unknown_type' : undefined,
          record.price.isAbsent && needsPrice(type) ? 'missing_price' : undefined,
          isTooMuch ? 'invalid_price' : record.price.fault,
          record.quantity.fault,
          isStrange && type === 'purchase' ? 'unknown_currency' : undefined,
          record.currency.fault,
          ...texts.map(field => field.fault)
        ])
      }
    })

/** What the contract says of a parsed record, given also with all digits of its ids: the words of the decoder. */
export function decodeBySchema(
  schema: ReturnType<typeof createEventSchema>,
  record: object,
  withDigits: object
): Decoded {
  const result = schema.safeParse(withDigits)
  if (result.success) return { kind: 'event', event: { ...result.data, ...bitsOf(record) } }
  // Of several reasons the time's comes first.
  const issue = result.error.issues.find(each => each.path[0] === 'event_time') ?? result.error.issues[0]
  return {
    kind: 'dead',
    reason: (issue as { params?: { reason?: DeadReason } }).params?.reason ?? 'not_an_object'
  }
}

/** Which fields a record has, and which of them are numbers. */
function bitsOf(record: object): Pick<ShopEvent, 'present' | 'numeric'> {
  const own = new Map(Object.entries(record))
  const bitsWhere = (holds: (value: unknown) => boolean) =>
    contractFields.reduce((sum, field, place) => sum + (holds(own.get(field)) ? 2 ** place : 0), 0)
  return {
    present: bitsWhere(value => !isAbsent(value)),
    numeric: bitsWhere(value => typeof value === 'number')
  }
}

const isoTime = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z| UTC|[+-]\d\d:?\d\d)?$/
const lastMoment = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const eventTime = z.unknown().transform((value, context): number => {
  if (value === undefined || value === null || value === '') return die(context, 'missing_event_time')
  const ms =
    typeof value === 'number'
      ? epochToMs(value)
      : typeof value === 'string'
        ? /^\d{1,16}(\.\d+)?$/.test(value)
          ? epochToMs(Number(value), value)
          : isoToMs(value)
        : otherForm(value)
  return ms >= 0 && ms <= lastMoment ? ms : die(context, 'invalid_event_time')
})

const epochToMs = (epoch: number, value: unknown = epoch): number =>
  epoch >= 0 && epoch <= lastMoment && !(epoch >= 1.97e13 && epoch < 2.1e13)
    ? Math.floor(epoch < 1e11 ? epoch * 1000 + 0.0005 : epoch)
    : otherForm(value)

/** The rarer forms have tests of their own. */
const otherForm = (value: unknown): number => parseEventTime(value) ?? Number.NaN

function isoToMs(text: string): number {
  const match = isoTime.exec(text)
  if (!match) return otherForm(text)
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const ms = Date.parse(`${local}.${`${fraction}000`.slice(0, 3)}Z`)
  // Date.parse lets 31 February be 3 March, and 24:00 the next day: what it read must be what was written.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(local)) return Number.NaN
  if (zone === 'Z' || zone === ' UTC') return ms
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return Number.NaN
  return ms - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

const eventType = z.unknown().transform((value, context): string => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : die(context, 'missing_event_type')
})

function die(context: z.core.$RefinementCtx, reason: DeadReason): never {
  context.addIssue({ code: 'custom', message: reason, params: { reason } })
  return z.NEVER
}

interface TextField {
  readonly text: string | undefined
  readonly fault?: Fault
}
const optionalText = z
  .union([z.string(), z.number()])
  .nullish()
  .transform(
    (value): TextField => ({ text: value === '' || value == null ? undefined : cutText(String(value)) })
  )
  .catch({ text: undefined, fault: 'invalid_field' })

/** The other forms of prices have tests of their own. */
const readOther = createReadMoney(native)
const otherNumber = z.unknown().transform((value, context) => {
  const number = readOther(value, 'USD')
  if (!Number.isNaN(number)) return number
  context.addIssue({ code: 'custom', message: 'no number' })
  return z.NEVER
})
/** An empty text is no value, as of other fields. */
const orEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess(value => (value === '' ? undefined : value), schema)
const numeric = z.union([z.number(), z.string().regex(z.regexes.number).transform(Number), otherNumber])

interface PriceField {
  readonly number?: number
  readonly isAbsent?: true
  readonly fault?: Fault
}
const price = orEmpty(numeric.pipe(z.number().min(0).max(maxPrice)).nullish())
  .transform((value): PriceField => (value == null ? { isAbsent: true } : { number: value }))
  .catch(({ issues }) => ({
    fault: issues.some(issue => issue.code === 'too_small') ? 'negative_price' : 'invalid_price'
  }))

interface QuantityField {
  readonly number: number
  readonly fault?: Fault
}
const quantity = orEmpty(numeric.pipe(z.number().positive().max(maxQuantity)).nullish())
  .transform((value): QuantityField => ({ number: value ?? 1 }))
  .catch({ number: 1, fault: 'invalid_quantity' })

interface CurrencyField {
  readonly code: string | undefined
  readonly fault?: Fault
}
const currencyCode = z
  .union([z.literal(''), z.string().regex(/^[A-Za-z]{3}$/)])
  .nullish()
  .transform((value): CurrencyField => ({ code: value ? value.toUpperCase() : undefined }))
  .catch({ code: noCurrency, fault: 'invalid_currency' })

const needsPrice = (type: EventType | undefined): boolean =>
  type === 'add_to_cart' || type === 'checkout_started' || type === 'purchase'

/** Each fault counts once, however many fields have it. */
const sumOf = (faults: readonly (Fault | undefined)[]): number =>
  faults.reduce((sum, fault) => sum | (fault === undefined ? 0 : faultBits[fault]), 0)
