import type { ShopEvent } from '../../src/decode/types.ts'

/** What a recount needs to know of one record that is an event. */
export interface Fact {
  readonly time: number
  readonly type: string
  readonly id: string | undefined
  readonly user: string | undefined
  readonly session: string | undefined
  readonly order: string | undefined
  readonly currency: string
  /** In ten-thousandths of the unit; undefined without a valid price. */
  readonly amount: number | undefined
  readonly quantity: number
  readonly hasQuantity: boolean
  readonly hasPrice: boolean
  readonly isPriceNegative: boolean
  readonly isPriceUnread: boolean
  readonly isQuantityNone: boolean
  readonly isCurrencyNone: boolean
  readonly isCurrencyUnknown: boolean
  readonly isFaulty: boolean
  readonly country: string | undefined
  readonly device: string | undefined
  readonly payment_method: string | undefined
  /** Its products: itself, where it names no others. */
  readonly lines: readonly FactLine[]
}

interface FactLine {
  readonly product: string | undefined
  readonly quantity: number
  readonly category: string | undefined
  readonly amount: number | undefined
}

export interface FactOptions {
  readonly currency: string
  readonly rates?: ReadonlyMap<string, number>
  /** A longer value is dead; 1 MiB unless said. */
  readonly maxBytes?: number
}

const pricedTypes = ['add_to_cart', 'checkout_started', 'purchase']
const otherTypes = ['page_view', 'search', 'product_view', 'remove_from_cart', 'refund']
type Fields = { readonly [name in (typeof textFields)[number] | (typeof otherFields)[number]]?: unknown }

const otherFields = ['event_time', 'event_type', 'price', 'quantity', 'currency'] as const
const textFields = [
  'event_id',
  'user_id',
  'session_id',
  'product_id',
  'category',
  'order_id',
  'payment_method',
  'country',
  'device'
] as const

/** Reads a record's JSON by the contract of the events alone; undefined where it cannot be an event. */
export function factOfValue(value: Buffer | string | null, options: FactOptions): Fact | undefined {
  const fields = value === null ? undefined : fieldsOf(Buffer.from(value), options)
  if (fields === undefined) return undefined
  const time = timeOf(fields.event_time)
  const type = Number.isSafeInteger(fields.event_type) ? String(fields.event_type) : fields.event_type
  if (time === undefined || typeof type !== 'string' || type === '') return undefined

  const isPriced = pricedTypes.includes(type)
  const hasPrice = isPresent(fields.price) && fields.price !== ''
  const price = hasPrice ? decimalOf(fields.price) : undefined
  const quantity = isPresent(fields.quantity) && fields.quantity !== '' ? decimalOf(fields.quantity) : 1
  const isQuantityValid = quantity !== undefined && quantity > 0 && quantity <= 1e6
  const isInRange = price !== undefined && price >= 0 && price <= 1e9
  const product = isInRange && isQuantityValid ? tenThousandths(price, quantity) : undefined
  const isPriceValid = isInRange && !(product !== undefined && product > Number.MAX_SAFE_INTEGER)
  const currency = currencyOf(fields.currency, options.currency)
  const isForeign =
    currency !== options.currency && !(options.rates ?? new Map<string, number>()).has(currency ?? '')
  const amount = isPriceValid ? product : undefined
  const isCurrencyUnknown = type === 'purchase' && (currency === undefined || isForeign)
  return {
    time,
    type,
    id: textOf(fields.event_id),
    user: textOf(fields.user_id),
    session: textOf(fields.session_id),
    order: textOf(fields.order_id),
    currency: currency ?? 'XXX',
    amount,
    quantity: isQuantityValid ? quantity : 1,
    hasPrice,
    isPriceNegative: price !== undefined && price < 0,
    isPriceUnread: hasPrice && !isPriceValid && !(price !== undefined && price < 0),
    isQuantityNone: !isQuantityValid,
    isCurrencyNone: currency === undefined,
    isCurrencyUnknown,
    country: textOf(fields.country),
    device: textOf(fields.device),
    payment_method: textOf(fields.payment_method),
    hasQuantity: isPresent(fields.quantity) && fields.quantity !== '',
    lines: [
      {
        product: textOf(fields.product_id),
        quantity: isQuantityValid ? quantity : 1,
        category: textOf(fields.category),
        amount
      }
    ],
    isFaulty:
      (isPriced && !hasPrice) ||
      (hasPrice && !isPriceValid) ||
      !isQuantityValid ||
      !(isPriced || otherTypes.includes(type)) ||
      currency === undefined ||
      isCurrencyUnknown ||
      textFields.some(name => isPresent(fields[name]) && !isText(fields[name]))
  }
}

/** The fact of an event that is decoded already. */
export function factOfEvent(event: ShopEvent): Fact {
  const hasFault = (bit: number) => Math.floor(event.faults / bit) % 2 === 1
  return {
    time: event.eventTime,
    type: event.type,
    id: event.eventId,
    user: event.userId,
    session: event.sessionId,
    order: event.orderId,
    currency: event.currency,
    amount: event.amount,
    quantity: event.quantity,
    hasQuantity: Math.floor(event.present / 256) % 2 === 1,
    hasPrice: !hasFault(1),
    isPriceNegative: hasFault(2),
    isPriceUnread: hasFault(4),
    isQuantityNone: hasFault(8),
    isCurrencyNone: hasFault(128),
    isCurrencyUnknown: hasFault(32),
    isFaulty: event.faults > 0,
    country: event.country,
    device: event.device,
    payment_method: event.paymentMethod,
    lines: (event.lines ?? [event]).map(({ productId, quantity, category, amount }) => ({
      product: productId,
      quantity,
      category,
      amount
    }))
  }
}

/** The record within its frame and its envelopes. */
function fieldsOf(bytes: Buffer, { maxBytes = 1_048_576 }: FactOptions): Fields | undefined {
  if (bytes.length > maxBytes) return undefined
  const isFramed = bytes[0] === 0
  const text = new TextDecoder('utf-8', { ignoreBOM: isFramed }).decode(isFramed ? bytes.subarray(5) : bytes)
  const parsed = isFramed && !/^[ \t\r\n]*\{/.test(text) ? undefined : objectOf(text)
  if (parsed === undefined) return undefined
  const isConnect =
    isObject(parsed.payload) && parsed.schema !== undefined && Object.keys(parsed).length === 2
  const outer = (isConnect ? parsed.payload : parsed) as Wrapping
  if (typeof outer.specversion !== 'string' || !isObject(outer.data)) return outer as Fields
  const inner = outer.data as Fields
  const orElse = (own: unknown, standIn: unknown) => (isPresent(own) && own !== '' ? own : standIn)
  return {
    ...inner,
    event_time: orElse(inner.event_time, outer.time),
    event_type: orElse(inner.event_type, outer.type),
    event_id: orElse(inner.event_id, outer.id)
  }
}

type Wrapping = {
  readonly [name in 'schema' | 'payload' | 'specversion' | 'data' | 'time' | 'type' | 'id']?: unknown
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whole numbers of more digits than a number holds are given as text, unless they lie beside a nesting too deep. */
function objectOf(text: string): Wrapping | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? withDigits(text, parsed) : undefined
  } catch {
    return undefined
  }
}

function withDigits(text: string, parsed: object): object {
  if (!/\d{16}/.test(text)) return parsed
  try {
    return JSON.parse(text, (key, value, context?: { readonly source?: string }) => {
      const isLong = ids.has(key) && typeof value === 'number' && /^-?\d{16,}$/.test(context?.source ?? '')
      return isLong && !Number.isSafeInteger(value) ? context?.source : value
    })
  } catch {
    return parsed
  }
}

const ids: ReadonlySet<string> = new Set(['event_id', 'user_id', 'session_id', 'product_id', 'order_id'])

const isPresent = (value: unknown) => value !== undefined && value !== null

/** ISO 8601, or an epoch. */
function timeOf(value: unknown): number | undefined {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\s*\d{1,16}(\.\d+)?$/.test(value))
  const time = isNumber ? epochOf(Number(value)) : typeof value === 'string' ? isoOf(value) : Number.NaN
  return time >= 0 && time <= lastMoment ? Math.floor(time) : undefined
}

/** What is finer than a microsecond is lost to seconds as a double. */
const epochOf = (epoch: number): number =>
  epoch < 1e11 ? Number((epoch * 1_000).toFixed(3)) : epoch > lastMoment ? epoch / 1_000 : epoch
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z')

function isoOf(text: string): number {
  const form =
    /^(\d{4}-\d\d-\d\d)[T ](([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(\.\d+)?(?:Z| UTC|([+-](?:[01]\d|2[0-3])):?([0-5]\d)?)?$/
  const [, date = '', clock = '', , fraction = '', hours, minutes] = form.exec(text) ?? []
  const midnight = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return Number.NaN
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes ?? '00'}`
  return Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${zone}`)
}

function decimalOf(value: unknown): number | undefined {
  const written = typeof value === 'string' ? value.trim().replace(/^(\d+),(\d\d?)$/, '$1.$2') : value
  const isDecimal =
    typeof written === 'number' || (typeof written === 'string' && /^-?\d+(\.\d+)?$/.test(written))
  return isDecimal && Number.isFinite(Number(written)) ? Number(written) : undefined
}

/** In integers all the way: the price to four places, times the quantity. */
function tenThousandths(price: number, quantity: number): number {
  const pieces = quantity.toFixed(6)
  const scaled = BigInt(price.toFixed(4).replace('.', '')) * BigInt(pieces.replace('.', ''))
  return Number((scaled + 500_000n) / 1_000_000n)
}

function currencyOf(value: unknown, own: string): string | undefined {
  if (!isPresent(value) || value === '') return own
  return typeof value === 'string' && /^[a-z]{3}$/i.test(value) ? value.toUpperCase() : undefined
}

const isText = (value: unknown): value is string | number =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))

/** The first 256 units, no pair of them cut in half. */
const textOf = (value: unknown) =>
  isPresent(value) && isText(value) && value !== ''
    ? String(value)
        .slice(0, 256)
        .replace(String(value).length > 256 ? /[\ud800-\udbff]$/ : '', '')
    : undefined
