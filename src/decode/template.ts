import { type RawRecord, recordFields } from './json.ts'
import { parseIsoBytes } from './time.ts'

export interface TemplateRecord extends RawRecord {
  /** Of an `event_time` that is ISO 8601, which then is absent itself; else NaN. */
  readonly eventTimeMs: number
}

/**
 * The shape of a producer's records as a regular expression, which V8 compiles to machine code: which keys in which
 * order with which spaces, what kind of value each has, and which may be absent. It matches nothing but valid JSON.
 */
export interface Template {
  /** The contract's fields as JSON.parse gives them, null as undefined; undefined for a record of another shape. */
  read(bytes: SliceableBuffer, latin1: string): TemplateRecord | undefined
  /** A template of these records and of one like this too; undefined where their keys differ in order or form. */
  extend(latin1: string): Template | undefined
}

/** The template of a record like this; undefined where it is no flat object of plain values, or has a key twice. */
export function learnTemplate(latin1: string): Template | undefined {
  const places = placesOf(latin1)
  const template = places && templateOf(places)
  return template?.matches(latin1) ? template : undefined
}

function templateOf(places: readonly Place[]): Template & { matches(latin1: string): boolean } {
  const pattern = new RegExp(`^${places.map(sourceOf).join('')}[ \\t\\n\\r]*\\}[ \\t\\n\\r]*$`)
  const fields = Int8Array.from(places, place => recordFields.indexOf(place.key as RecordField))
  const beforeLengths = Int32Array.from(places, place => place.before.length)
  const isText = Uint8Array.from(places, place => (place.kind === 'text' ? 1 : 0))
  const values: Value[] = new Array(recordFields.length).fill(undefined)

  return {
    matches: text => pattern.test(text),
    read: (bytes, text) => {
      const match = pattern.exec(text)
      if (match === null) return undefined
      let eventTimeMs = Number.NaN
      let at = 0
      for (let place = 0; place < fields.length; place++) {
        const captured = match[2 * place + 1]
        const field = fields[place]!
        if (captured === undefined) {
          // The second group is empty at a null, and undefined where the key is absent.
          if (match[2 * place + 2] !== undefined) at += beforeLengths[place]! + nullLength
          if (field >= 0) values[field] = undefined
          continue
        }
        at += beforeLengths[place]!
        if (field < 0) {
          at += captured.length
        } else if (isText[place] === 1) {
          const start = at + 1
          const end = start + captured.length
          at = end + 1
          if (field === eventTimeField) eventTimeMs = parseIsoBytes(bytes, start, end)
          // V8 lets a longer capture keep the whole record alive: that one is made anew.
          values[field] =
            field === eventTimeField && eventTimeMs >= 0
              ? undefined
              : captured.length > maxCopiedLength
                ? bytes.latin1Slice(start, end)
                : captured
        } else {
          values[field] =
            captured.length > maxPlainDigits ? Number(captured) : plainNumber(bytes, at, at + captured.length)
          at += captured.length
        }
      }
      return recordOf(values, eventTimeMs)
    },
    extend: text => {
      const added = placesOf(text)
      const merged = added && merge(places, added)
      const template = merged && templateOf(merged)
      return template?.matches(text) ? template : undefined
    }
  }
}

/** Both sequences of keys in one, those that only one of them has optional. */
function merge(known: readonly Place[], added: readonly Place[]): readonly Place[] | undefined {
  const knownKeys = new Set(known.map(place => place.key))
  const addedKeys = new Set(added.map(place => place.key))
  const merged: Place[] = []
  let i = 0
  let j = 0
  while (i < known.length || j < added.length) {
    const a = known[i]
    const b = added[j]
    if (a && b && a.key === b.key) {
      if (a.before !== b.before || a.kind !== b.kind) return undefined
      merged.push(a)
      i++
      j++
    } else if (a && !addedKeys.has(a.key)) {
      merged.push({ ...a, isOptional: true })
      i++
    } else if (b && !knownKeys.has(b.key)) {
      merged.push({ ...b, isOptional: true })
      j++
    } else return undefined
  }
  // The brace stands before the first key, which so can't be one that may be absent.
  return merged[0]?.isOptional || merged.length > maxPlaces ? undefined : merged
}

type RecordField = (typeof recordFields)[number]
type Value = string | number | undefined
/** What lies behind `toString('latin1', …)`, at half its price. */
export type SliceableBuffer = Buffer & { latin1Slice(start: number, end: number): string }

interface Place {
  /** What stands before the value, from the end of the one before it: brace or comma, key, colon, spaces. */
  readonly before: string
  readonly key: string
  /** `any`: a key that is none of the contract. */
  readonly kind: 'text' | 'number' | 'any'
  readonly isOptional: boolean
}

const plain = '[^"\\\\\\x00-\\x1f]*'
/** Up to 15 digits before the point: a longer id must keep its digits, which a number does not. */
const number = '-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]+)?'
const token = new RegExp(
  `([{,][ \\t\\n\\r]*"(${plain})"[ \\t\\n\\r]*:[ \\t\\n\\r]*)("${plain}"|${number}|true|false|null)(?=[ \\t\\n\\r]*[,}])`,
  'y'
)

function placesOf(text: string): readonly Place[] | undefined {
  const places: Place[] = []
  const keys = new Set<string>()
  token.lastIndex = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, before = '', key = '', value = ''] = match
    const isKnown = recordFields.includes(key as RecordField)
    if (
      keys.has(key) ||
      places.length === maxPlaces ||
      (isKnown && (value === 'true' || value === 'false'))
    ) {
      return undefined
    }
    keys.add(key)
    const isNumber = value === 'null' ? key === 'price' || key === 'quantity' : !value.startsWith('"')
    places.push({ before, key, kind: isKnown ? (isNumber ? 'number' : 'text') : 'any', isOptional: false })
  }
  return places.length === 0 ? undefined : places
}

/** Two groups a place: a text without its quotes, a number, or any value whole; and an empty one at a null. */
function sourceOf({ before, kind, isOptional }: Place): string {
  const place = `${literally(before)}(?:${valueSources[kind]}|null())`
  return isOptional ? `(?:${place})?` : place
}

const valueSources = {
  text: '"([^"\\\\\\x00-\\x1f\\x80-\\xff]*)"',
  number: `(${number})`,
  any: `("${plain}"|${number}|true|false)`
}

const literally = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const recordOf = (values: readonly Value[], eventTimeMs: number): TemplateRecord => ({
  eventTimeMs,
  event_id: values[0],
  event_type: values[1],
  event_time: values[2],
  user_id: values[3],
  session_id: values[4],
  product_id: values[5],
  category: values[6],
  price: values[7],
  quantity: values[8],
  currency: values[9],
  order_id: values[10],
  payment_method: values[11],
  country: values[12],
  device: values[13]
})

/**
 * A JSON number of up to 15 digits without an exponent: the digits are an integer, and the power of ten a number, that
 * a double holds exactly, so that the one division rounds as a parse of the text does.
 */
function plainNumber(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === minus
  let digits = 0
  let fraction = 0
  for (let at = isNegative ? start + 1 : start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === point) fraction = end - at - 1
    else digits = digits * 10 + (byte - zero)
  }
  const size = fraction === 0 ? digits : digits / powersOfTen[fraction]!
  return isNegative ? -size : size
}

const minus = 0x2d
const point = 0x2e
const zero = 0x30
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)
const maxPlainDigits = 15
const maxPlaces = 40
const nullLength = 4
const maxCopiedLength = 12
const eventTimeField = recordFields.indexOf('event_time')
