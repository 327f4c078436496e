import { maxTimeMs } from '../decode/calendar-day.ts'
import { readCurrency, readNumber } from '../decode/fields.ts'
import { type ContractField, contractFields, type LineField, lineFields } from '../decode/layout.ts'
import { parseEventTime, parseMicroseconds } from '../decode/time.ts'
import { fieldWords, meaningOf, plainWord, speaksForItself } from './field-names.ts'
import type { PathValues, Scalar } from './survey.ts'

/** Paths for fields, as `events.fields` takes them. */
export type Proposed = Partial<Record<ContractField, readonly string[]>>

interface Candidate {
  readonly seen: PathValues
  readonly score: number
}

/** Of the values at a path, so many must be what the field takes. */
const minFitting = 0.8

/** Where the fields most likely are, by the names on the way to a value and by the values. */
export function proposeFields(
  survey: readonly PathValues[],
  wanted: ReadonlySet<ContractField>,
  records: number
): Proposed {
  const best = (field: ContractField, within: readonly PathValues[]): Candidate | undefined =>
    within
      .map(seen => ({ seen, score: scoreOf(field, seen, records) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)[0]
  const plain = survey.filter(({ list }) => list === undefined)
  const products = productList(survey, records)
  const listed = survey.filter(({ list }) => list !== undefined && list === products)
  const proposed: Proposed = {}
  for (const field of contractFields) {
    if (!wanted.has(field)) continue
    const inList = isLineField(field) ? best(field, listed) : undefined
    const alternatives = [inList, best(field, plain)].flatMap(candidate => candidate?.seen.path ?? [])
    if (alternatives.length > 0) proposed[field] = alternatives
  }
  return proposed
}

/** The list whose entries look most like products: they have a price, and what else a line has. */
function productList(survey: readonly PathValues[], records: number): string | undefined {
  const scores = new Map<string, number>()
  for (const seen of survey) {
    if (seen.list === undefined) continue
    const score = Math.max(...lineFields.map(field => scoreOf(field, seen, records)))
    scores.set(seen.list, (scores.get(seen.list) ?? 0) + Math.max(0, score))
  }
  const [first] = [...scores].filter(([, score]) => score > 0).sort(([, a], [, b]) => b - a)
  return first?.[0]
}

const isLineField = (field: ContractField): field is LineField => lineFields.some(each => each === field)

/** 0 where the path cannot be the field's. A name counts by itself, and with those before it: user, id is userid. */
function scoreOf(
  field: ContractField,
  { names, list, values, records: own }: PathValues,
  records: number
): number {
  const words = fieldWords[field]
  const [last = '', holder] = names.toReversed()
  const isInEntry = holder !== undefined && list?.endsWith(holder) === true
  const first = isInEntry || speaksForItself(last, holder) ? 1 : 2
  let score = 0
  for (let count = first; count <= Math.min(3, names.length); count++) {
    const rank = words.indexOf(plainWord(names.slice(-count).join('')))
    if (rank >= 0) score = Math.max(score, 100 - 4 * rank + 6 * count)
  }
  if (score === 0 || values.filter(value => fits(field, value)).length < minFitting * values.length) return 0
  const known =
    field === 'event_type' ? values.filter(value => meaningOf(String(value)) !== undefined).length : 0
  return score + (20 * own) / records + (40 * known) / values.length - 2 * names.length
}

function fits(field: ContractField, value: Scalar): boolean {
  switch (field) {
    case 'event_time':
      return (parseEventTime(value) ?? parseMicroseconds(value)) !== undefined && Number(value) !== 0
    case 'price':
    case 'quantity':
      return !Number.isNaN(readNumber(value))
    case 'currency':
      return typeof value === 'string' && readCurrency(value) !== undefined
    case 'event_type':
    case 'category':
    case 'payment_method':
    case 'country':
    case 'device':
      return typeof value === 'string' && value.length <= 100
    case 'event_id':
    case 'user_id':
    case 'session_id':
    case 'product_id':
    case 'order_id':
      return typeof value !== 'boolean' && String(value).length <= 200
    default:
      return field satisfies never
  }
}

/** Whether times are numbers that would lie beyond the year 9999 if they were milliseconds. */
export const areMicroseconds = (values: readonly Scalar[]): boolean =>
  values.length > 0 &&
  values.every(value => Number(value) > maxTimeMs && parseMicroseconds(value) !== undefined)
