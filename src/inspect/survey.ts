import { mayHoldJson, parseInner } from '../decode/json.ts'
import { quoteName, withoutUnion } from '../decode/path.ts'
import { isValue } from './fits.ts'

/** A plain value, or an object that is one: a time or money of several keys. */
export type Scalar = string | number | boolean | object

/** As it would be written. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

interface Place {
  /** As a layout writes it. */
  readonly path: string
  /** The names on the way to it, without lists and conditions. */
  readonly names: readonly string[]
  /** The list it lies in an entry of. */
  readonly list: string | undefined
}

/** What was seen at one path. */
export interface PathValues extends Place {
  /** Records that have a value here. */
  readonly records: number
  /** Some of the values. */
  readonly values: readonly Scalar[]
}

/** What a header's name begins with says nothing. */
const headerStart = /^header:(ce_|x-)?/i
/** Keys that only say of what type a value is: of DynamoDB and of Firestore. */
const valueTypes: ReadonlySet<string> = new Set([
  'S',
  'N',
  'BOOL',
  'stringValue',
  'integerValue',
  'doubleValue',
  'timestampValue'
])
const maxDepth = 8
const maxPaths = 1_000
const maxEntries = 20
const maxNameLength = 100
const maxValues = 200
const maxTextLength = 65_536

/** Every path that leads to a plain value in some of the records; bounded, whatever the records hold. */
export function surveyOf(records: readonly object[]): readonly PathValues[] {
  const seen = new Map<string, Place & { records: number; values: Scalar[]; last: object | undefined }>()

  function walk(whole: unknown, place: Place, depth: number, record: object): void {
    const value = withoutUnion(whole)
    if (typeof value === 'object' && value !== null && depth > 0 && isValue(value)) {
      note(value, place, record)
      return
    }
    if (Array.isArray(value)) {
      walkList(value, place, depth, record)
      return
    }
    const inner = typeof value === 'string' ? innerOf(value) : undefined
    if (inner !== undefined && depth < maxDepth) {
      walk(inner, { ...place, path: `${place.path}[json]` }, depth + 1, record)
      return
    }
    if (typeof value === 'object' && value !== null) {
      if (depth === maxDepth) return
      for (const [name, inner] of Object.entries(value).slice(0, maxPaths)) {
        if (name === '' || name.includes('"') || name.length > maxNameLength) continue
        const path = place.path === '' ? quoteName(name) : `${place.path}.${quoteName(name)}`
        walk(inner, { path, names: [...place.names, ...ownNames(name)], list: place.list }, depth + 1, record)
      }
      return
    }
    if (
      value !== '' &&
      (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    )
      note(value, place, record)
  }

  /** A list of named values is asked by their names; of any other, one level deep, each entry counts. */
  function walkList(list: readonly unknown[], place: Place, depth: number, record: object): void {
    for (const entry of list.slice(0, maxEntries)) {
      const named = namedEntry(entry)
      if (named !== undefined) {
        const { keyName, key, rest } = named
        const path = `${place.path}[${keyName}=${key}]`
        walk(rest, { path, names: [...place.names, key], list: place.list }, depth + 1, record)
      } else if (place.list === undefined && typeof entry === 'object') {
        walk(entry, { path: `${place.path}[]`, names: place.names, list: place.path }, depth + 1, record)
      }
    }
  }

  function note(value: Scalar, place: Place, record: object): void {
    const known = seen.get(place.path)
    if (known === undefined) {
      if (seen.size < maxPaths) seen.set(place.path, { ...place, records: 1, values: [value], last: record })
      return
    }
    if (known.last !== record) known.records++
    known.last = record
    if (known.values.length < maxValues) known.values.push(value)
  }

  for (const record of records) walk(record, { path: '', names: [], list: undefined }, 0, record)
  return [...seen.values()].map(({ last: _, ...rest }) => rest)
}

const ownNames = (name: string): readonly string[] =>
  valueTypes.has(name) ? [] : name.replace(headerStart, '').split('.')

/** The object or list that a text holds as JSON. */
function innerOf(text: string): object | undefined {
  if (text.length > maxTextLength || !mayHoldJson(text)) return undefined
  const inner = parseInner(text)
  return typeof inner === 'object' && inner !== null ? inner : undefined
}

/** An entry such as `{ key: 'currency', value: … }`. */
function namedEntry(entry: unknown): { keyName: string; key: string; rest: object } | undefined {
  if (typeof entry !== 'object' || entry === null || !('value' in entry)) return undefined
  const keyName = ['key', 'name'].find(each => Object.hasOwn(entry, each))
  if (keyName === undefined) return undefined
  const { [keyName]: key, ...rest } = entry as Record<string, unknown>
  return typeof key === 'string' && /^[^\s"=[\]]{1,100}$/.test(key) ? { keyName, key, rest } : undefined
}
