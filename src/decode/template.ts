import { extraOf } from './fields.ts'
import { contractFields } from './layout.ts'
import { type RawRecord, recordOf, valueCount } from './record.ts'
import { parseIsoBytes } from './time.ts'
import { type ExtraValue, noExtra } from './types.ts'

/** What the keys of flat records hold. */
export interface TemplateKeys {
  /** The places in `contractFields` of the fields that a key holds. */
  readonly fields: ReadonlyMap<string, readonly number[]>
  /** The places of further fields; none of these keys is among `fields`. */
  readonly extras: ReadonlyMap<string, number>
}

/**
 * The shape of a producer's records as a regular expression, which V8 compiles to machine code: which keys in which
 * order with which spaces, what kind of value each has, and which may be absent. It matches nothing but valid JSON.
 */
export interface Template {
  /** The contract's fields as JSON.parse gives them, null as undefined; undefined for a record of another shape. */
  read(bytes: SliceableBuffer, latin1: string): RawRecord | undefined
  /** A template of these records and of one like this too; undefined where their keys differ in order or form. */
  extend(latin1: string): Template | undefined
}

/** The template of a record like this; undefined where it is no flat object of plain values, or has a key twice. */
export function learnTemplate(latin1: string, keys: TemplateKeys): Template | undefined {
  const places = placesOf(latin1, keys)
  const template = places && templateOf(places, keys)
  return template?.matches(latin1) ? template : undefined
}

function templateOf(
  places: readonly Place[],
  keys: TemplateKeys
): Template & { matches(latin1: string): boolean } {
  const pattern = new RegExp(`^${places.map(sourceOf).join('')}[ \\t\\n\\r]*\\}[ \\t\\n\\r]*$`)
  const fields = Int8Array.from(places, place => keys.fields.get(place.key)?.[0] ?? -1)
  const bits = Int32Array.from(places, place =>
    (keys.fields.get(place.key) ?? []).reduce((sum, field) => sum | (1 << field), 0)
  )
  const copies = places.flatMap(place => {
    const [from = -1, ...others] = keys.fields.get(place.key) ?? []
    return others.map(to => ({ from, to }))
  })
  const extraPlaces = Int32Array.from(places, place => keys.extras.get(place.key) ?? -1)
  const beforeLengths = Int32Array.from(places, place => place.before.length)
  const isText = Uint8Array.from(places, place => (place.kind === 'text' ? 1 : 0))
  const values: Value[] = new Array(valueCount).fill(undefined)

  return {
    matches: text => pattern.test(text),
    read: (bytes, text) => {
      const match = pattern.exec(text)
      if (match === null) return undefined
      const extra: ExtraValue[] | undefined =
        keys.extras.size === 0 ? undefined : new Array(keys.extras.size).fill(undefined)
      let eventTimeMs = Number.NaN
      let present = 0
      let numeric = 0
      let at = 0
      for (let place = 0; place < fields.length; place++) {
        const captured = match[place + 1]
        const field = fields[place]!
        if (captured === undefined) {
          // A null, or nothing: no two keys can stand at the same place.
          const end = at + beforeLengths[place]!
          if (bytes[end] === letterN && text.startsWith(places[place]!.before, at)) at = end + nullLength
          if (field >= 0) values[field] = undefined
          continue
        }
        at += beforeLengths[place]!
        if (field < 0) {
          const own = extraPlaces[place]!
          if (extra !== undefined && own >= 0) extra[own] = extraAt(bytes, at, captured)
          at += captured.length
        } else if (isText[place] === 1) {
          const start = at + 1
          const end = start + captured.length
          if (end > start) present |= bits[place]!
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
          present |= bits[place]!
          numeric |= bits[place]!
          values[field] =
            captured.length > maxPlainDigits ? Number(captured) : plainNumber(bytes, at, at + captured.length)
          at += captured.length
        }
      }
      for (const { from, to } of copies) values[to] = values[from]
      return recordOf(values, eventTimeMs, undefined, present, numeric, extra ?? noExtra)
    },
    extend: text => {
      const added = placesOf(text, keys)
      const merged = added && merge(places, added)
      const template = merged && templateOf(merged, keys)
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

function placesOf(text: string, { fields }: TemplateKeys): readonly Place[] | undefined {
  const places: Place[] = []
  const keys = new Set<string>()
  token.lastIndex = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, before = '', key = '', value = ''] = match
    const field = fields.get(key)?.[0]
    const isKnown = field !== undefined
    if (
      keys.has(key) ||
      places.length === maxPlaces ||
      // The event is inside.
      key === 'data_base64' ||
      (isKnown && (value === 'true' || value === 'false'))
    ) {
      return undefined
    }
    keys.add(key)
    const isNumber =
      value === 'null' ? field === priceField || field === quantityField : !value.startsWith('"')
    places.push({ before, key, kind: isKnown ? (isNumber ? 'number' : 'text') : 'any', isOptional: false })
  }
  return places.length === 0 ? undefined : places
}

/** A group a place: a text without its quotes, a number, or any value whole; none at a null. */
function sourceOf({ before, kind, isOptional }: Place): string {
  const place = `${literally(before)}(?:${valueSources[kind]}|null)`
  return isOptional ? `(?:${place})?` : place
}

const valueSources = {
  text: '"([^"\\\\\\x00-\\x1f\\x80-\\xff]*)"',
  number: `(${number})`,
  any: `("${plain}"|${number}|true|false)`
}

const literally = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** The value of a further field, of which the whole token was captured. */
function extraAt(bytes: Buffer, start: number, token: string): ExtraValue {
  const end = start + token.length
  if (token.startsWith('"')) return extraOf(bytes.toString('utf8', start + 1, end - 1))
  return token === 'true' || token === 'false' ? token === 'true' : Number(token)
}

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

const letterN = 0x6e
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)
const maxPlainDigits = 15
const maxPlaces = 40
const nullLength = 4
const maxCopiedLength = 12
const eventTimeField = contractFields.indexOf('event_time')
const priceField = contractFields.indexOf('price')
const quantityField = contractFields.indexOf('quantity')
