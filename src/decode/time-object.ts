import { isObject } from './json.ts'
import { localMoment, type TimeRules } from './time-text.ts'

/** What an object says of a time: a value to be read as one, or the moment itself. */
export type TimeObject = { readonly value: unknown } | { readonly ms: number | undefined }

/**
 * Times that are no plain value: Mongo's `$date`, seconds with nanoseconds (Protobuf, Firestore, java.time.Instant),
 * BigQuery's `{ value }`, and java.time's year, month, day, hour, minute, second and nanosecond, as a list or by name.
 * Undefined for any other object.
 */
export function timeOfObject(value: object, rules: TimeRules): TimeObject | undefined {
  if (Array.isArray(value)) return { ms: timeOfList(value, rules) }
  const record = value as Readonly<Record<string, unknown>>
  if (Object.hasOwn(record, '$date')) return mongoDate(record['$date'])
  if (Object.hasOwn(record, '$numberLong')) return { value: record['$numberLong'] }
  if (Object.hasOwn(record, '$timestamp')) return { ms: timestampOf(record['$timestamp']) }
  if (Object.keys(record).length === 1 && typeof record['value'] === 'string')
    return { value: record['value'] }
  const { date, time } = record
  if (isObject(date) && isObject(time)) return { ms: timeOfFields({ ...date, ...time }, rules) }
  if (Object.hasOwn(record, 'year')) return { ms: timeOfFields(record, rules) }
  for (const [seconds, nanos] of pairs) {
    if (Object.hasOwn(record, seconds)) return { ms: ofSeconds(record[seconds], record[nanos]) }
  }
  return undefined
}

const pairs = [
  ['seconds', 'nanos'],
  ['seconds', 'nanoseconds'],
  ['_seconds', '_nanoseconds'],
  ['epochSecond', 'nano'],
  ['epochSeconds', 'nanosecondsOfSecond']
] as const

/** Around a text, or around milliseconds as a number or as `{ $numberLong: … }`. */
function mongoDate(inner: unknown): TimeObject {
  const value =
    typeof inner === 'object' && inner !== null ? (inner as { $numberLong?: unknown }).$numberLong : inner
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{1,15}$/.test(value))
  return isNumber ? { ms: Number(value) } : { value }
}

/** Mongo's clock of the oplog: seconds, and a count within them. */
const timestampOf = (inner: unknown): number | undefined =>
  isObject(inner) ? ofSeconds((inner as { t?: unknown }).t) : undefined

function ofSeconds(seconds: unknown, nanos: unknown = 0): number | undefined {
  const whole = wholeNumber(seconds)
  const rest = wholeNumber(nanos)
  return whole === undefined || rest === undefined || rest >= 1e9
    ? undefined
    : whole * 1_000 + Math.floor(rest / 1e6)
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d{1,12}$/.test(value))) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

/** The fields of java.time's local date and time, as Jackson and Gson write them without a module for them. */
function timeOfFields(fields: Readonly<Record<string, unknown>>, rules: TimeRules): number | undefined {
  const { year, monthValue, month, dayOfMonth, day, hour, minute, second = 0, nano = 0 } = fields
  return timeOfList([year, monthValue ?? month, dayOfMonth ?? day, hour, minute, second, nano], rules)
}

function timeOfList(list: readonly unknown[], rules: TimeRules): number | undefined {
  const numbers = list.map(wholeNumber)
  const [year, month, day, hour, minute, second = 0, nano = 0] = numbers
  if (list.length < 5 || list.length > 7 || numbers.includes(undefined)) return undefined
  if (!(year! >= 1970 && year! <= 9999 && nano < 1e9)) return undefined
  return localMoment(
    { year: year!, month: month!, day: day! },
    { hour: hour!, minute: minute!, second, millisecond: Math.floor(nano / 1e6) },
    rules
  )
}
