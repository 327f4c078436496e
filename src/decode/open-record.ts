import { isObject, parseInner, parseValue } from './json.ts'
import { cutJson } from './json-values.ts'
import { type Path, parsePaths, valueAt } from './path.ts'
import { readSnowplowTsv } from './snowplow-tsv.ts'
import { maxEventsOfRecord, type Structure } from './structure.ts'
import type { DeadReason, SkipReason } from './types.ts'

/** One of several events of a record: an object, or why it is none. */
export interface OpenedPart {
  readonly record: object | DeadReason
  /** As it stood in the record. */
  readonly source: unknown
}

type OpenedRecord =
  | { readonly kind: 'one'; readonly record: object }
  | { readonly kind: 'several'; readonly parts: readonly OpenedPart[] }
  | { readonly kind: 'dead'; readonly reason: DeadReason }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/** Takes a record's text apart; integers under `longKeys` keep all their digits. */
export type OpenRecord = (text: string, longKeys?: ReadonlySet<string>) => OpenedRecord

export interface Opening {
  /** A path to the list whose entries are the events. */
  readonly eventsIn: string | undefined
  readonly textFormat: Structure['text']
  /** Keys of the record around the events that are none of an event's, such as the id of the batch. */
  readonly ownKeys: ReadonlySet<string>
}

/** A record is one object, a list of them, or several JSON values one after another (lines, or nothing between). */
export function createOpenRecord({ eventsIn, textFormat, ownKeys }: Opening): OpenRecord {
  const listPath = eventsIn === undefined ? undefined : listPathOf(eventsIn)

  function partsOf(value: unknown, source: unknown): readonly OpenedPart[] {
    const inner = typeof value === 'string' ? (parseInner(value) ?? value) : value
    if (!isObject(inner)) return [{ record: value === undefined ? 'invalid_json' : 'not_an_object', source }]
    return listPath === undefined ? [{ record: inner, source }] : entriesOf(inner, listPath)
  }

  function entriesOf(holder: object, path: Path): readonly OpenedPart[] {
    const list = valueAt(holder, path)
    if (!Array.isArray(list)) return [{ record: holder, source: holder }]
    const around = Object.fromEntries(
      Object.entries(holder).filter(([key, value]) => !ownKeys.has(key) && !contains(value, list))
    )
    return list.map(entry => {
      const inner = typeof entry === 'string' ? parseInner(entry) : entry
      return { record: isObject(inner) ? { ...around, ...inner } : 'not_an_object', source: entry }
    })
  }

  return function openRecord(text, longKeys) {
    const value = parseValue(text, longKeys)
    if (isObject(value) && listPath === undefined) return { kind: 'one', record: value }
    if (isObject(value)) return bounded(partsOf(value, value))
    if (Array.isArray(value)) return bounded(value.flatMap(entry => partsOf(entry, entry)))
    if (value !== undefined) return { kind: 'dead', reason: 'not_an_object' }
    if (textFormat === 'snowplow_tsv' && text.includes('\t')) return bounded(partsOfTsv(text), 'invalid_json')
    const texts = mayBeSeveral(text) ? cutJson(text) : []
    if (texts.length < 2) return { kind: 'dead', reason: 'invalid_json' }
    const values = texts.map(one => ({ value: parseValue(one, longKeys), one }))
    return bounded(
      values.flatMap(({ value, one }) =>
        Array.isArray(value) ? value.flatMap(entry => partsOf(entry, entry)) : partsOf(value, one)
      ),
      'invalid_json'
    )
  }
}

const partsOfTsv = (text: string): readonly OpenedPart[] =>
  text
    .split(/\r?\n/)
    .filter(line => line !== '')
    .map(line => ({ record: readSnowplowTsv(line) ?? 'invalid_json', source: line }))

const mayBeSeveral = (text: string): boolean => /[}\]][\s,]*[{[]/.test(text)

/** Without any event it is one that is none; too many are refused together. */
function bounded(parts: readonly OpenedPart[], noneIs: DeadReason = 'not_an_object'): OpenedRecord {
  if (parts.length === 0) return { kind: 'skipped', reason: 'no_events' }
  if (parts.length > maxEventsOfRecord) return { kind: 'dead', reason: 'too_many_events' }
  const [only] = parts
  if (parts.length === 1 && isObject(only?.record)) return { kind: 'one', record: only.record }
  return parts.some(({ record }) => isObject(record))
    ? { kind: 'several', parts }
    : { kind: 'dead', reason: noneIs }
}

/** The path to the list, without the mark of its entries. */
function listPathOf(text: string): Path | undefined {
  const [path = []] = parsePaths(text) ?? []
  return path.filter(({ kind }) => kind !== 'each')
}

const contains = (value: unknown, list: unknown): boolean =>
  value === list || (isObject(value) && Object.values(value).includes(list))
