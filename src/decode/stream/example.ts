import { visible } from '../../telemetry/visible-text.ts'
import { unframe } from '../envelope.ts'
import { noCurrency, readCurrency } from '../fields.ts'
import { parseObject } from '../json.ts'
import type { Layout } from '../layout.ts'
import { createReadMoney } from '../money/read-money.ts'
import { createReadRecord } from '../read-record.ts'
import { isAbsent, type RawRecord } from '../record.ts'
import type { DeadReason, Fault } from '../types.ts'
import { priceHint, timeHint } from './hints.ts'

/** What a person needs to see of a record that is wrong. */
export interface Example {
  /** A short text without anything that a terminal would obey. It is the shop's data. */
  readonly text: string
  /** What would be right. */
  readonly hint: string | undefined
}

/** Looks for what is wrong in a record; undefined where nothing can be shown. Costs a parse: only for a few records. */
export type ExampleOf = (value: Buffer | string | null, what: DeadReason | Fault) => Example | undefined

const maxBytes = 262_144
const maxShown = 60
const maxNames = 8

export const createExamples = (layout: Layout): ExampleOf => {
  const readRecord = createReadRecord(layout, [])
  const readMoney = createReadMoney(layout)

  /** The first price that cannot be read, or is below 0. */
  function wrongPrice({ price, lines, currency, order_total }: RawRecord): unknown {
    const code = (typeof currency === 'string' && readCurrency(currency)) || noCurrency
    const isWrong = (value: unknown) => !isAbsent(value) && !(readMoney(value, code) >= 0)
    return [price, ...(lines ?? []).map(line => line.price), order_total].find(isWrong)
  }

  function within(record: RawRecord, what: DeadReason | Fault): Example | undefined {
    switch (what) {
      case 'invalid_event_time':
      case 'future_event_time':
        return exampleOf(record.event_time, timeHint)
      case 'unknown_type':
      case 'missing_event_type':
        return exampleOf(record.event_type)
      case 'invalid_price':
      case 'negative_price':
        return exampleOf(wrongPrice(record), priceHint)
      case 'invalid_quantity':
        return exampleOf(
          record.quantity ?? record.lines?.find(({ quantity }) => !isAbsent(quantity))?.quantity
        )
      case 'unknown_currency':
      case 'invalid_currency':
        return exampleOf(record.currency)
      case 'invalid_field':
        return exampleOf(Object.values(record).find(value => typeof value === 'boolean'))
      default:
        return undefined
    }
  }

  return function exampleIn(value, what) {
    if (value === null || value.length > maxBytes) return undefined
    const bytes = typeof value === 'string' ? value : unframe(value)
    if (bytes === undefined) return { text: `a frame with schema id ${schemaIdOf(value)}`, hint: undefined }
    const text = bytes.toString()
    if (what === 'invalid_json' || what === 'not_an_object') return exampleOf(text)
    if (what === 'missing_event_time') return namesOf(text)
    const read = readRecord(text)
    const results = read.kind === 'several' ? read.parts.map(({ result }) => result) : [read]
    for (const result of results) {
      const example = result.kind === 'one' ? within(result.record, what) : undefined
      if (example !== undefined) return example
    }
    return what === 'missing_event_type' ? namesOf(text) : undefined
  }
}

/** Of a text that is known. */
export const exampleText = (text: string): Example => ({ text: shown(text), hint: undefined })

function exampleOf(value: unknown, hintOf: (value: unknown) => string | undefined = () => undefined) {
  return isAbsent(value) ? undefined : { text: shown(value), hint: hintOf(value) }
}

/** The names of a record's fields, where the one that is wanted is missing. */
function namesOf(text: string): Example | undefined {
  const record = parseObject(text)
  if (typeof record === 'string') return undefined
  const names = Object.keys(record).slice(0, maxNames).map(shown)
  return { text: `a record with ${names.join(', ')}`, hint: undefined }
}

function shown(value: unknown): string {
  const text = visible((typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 4 * maxShown))
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
}

const schemaIdOf = (value: Buffer | string): number =>
  typeof value === 'string' || value.length < 5 ? 0 : value.readUInt32BE(1)
