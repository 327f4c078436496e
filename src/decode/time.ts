import { hourMs, minuteMs, secondMs } from '../time/units.ts'
import { maxTimeMs, midnightOf } from './calendar-day.ts'
import type { Layout } from './layout.ts'
import { timeOfObject } from './time-object.ts'
import { readTimeText, type TimeRules } from './time-text.ts'

/** Below this a number is seconds (until the year 5138), from it on milliseconds (since March 1973). */
const secondsBelow = 1e11
/** Up to the year 9999 a number is milliseconds, then microseconds, then nanoseconds: both since 1978. */
const maxMicros = maxTimeMs * 1_000
/** .NET's ticks, of 100 ns since the year 1, of 1997 to 2092: as nanoseconds they would all lie in 1990. */
const ticks = { from: 6.3e17, to: 6.6e17, ofEpochMs: 62_135_596_800_000 } as const

const utcRules: TimeRules = { timezone: 'UTC' }

/** Reads event times as the layout has them. */
export function createParseTime({
  timeUnit,
  timezone = 'UTC',
  dateOrder
}: Layout): (value: unknown) => number | undefined {
  const rules: TimeRules = { timezone, dateOrder }
  return timeUnit === 'microseconds'
    ? value => parseMicroseconds(value, rules)
    : value => parseEventTime(value, rules)
}

/**
 * Milliseconds since the epoch of an event time: ISO 8601, epoch seconds, milliseconds, microseconds or nanoseconds as a
 * number or a text, and the other forms of `readTimeText` and `timeOfObject`. What is finer than a millisecond is cut.
 * Undefined where it is none of these, before 1970 or after 9999.
 */
export function parseEventTime(value: unknown, rules: TimeRules = utcRules): number | undefined {
  if (typeof value === 'number')
    return isCompactDate(value) ? readTimeText(String(value), rules) : parseEpoch(value)
  if (typeof value === 'string') return parseTimeString(value, rules)
  if (typeof value !== 'object' || value === null) return undefined
  const found = timeOfObject(value, rules)
  if (found === undefined) return undefined
  if ('ms' in found) return found.ms === undefined ? undefined : inRange(Math.floor(found.ms))
  return typeof found.value === 'object' ? undefined : parseEventTime(found.value, rules)
}

/** The same where numbers are microseconds. */
export function parseMicroseconds(value: unknown, rules: TimeRules = utcRules): number | undefined {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{1,19}$/.test(value))
  if (!isNumber) return parseEventTime(value, rules)
  const micros = Number(value)
  return micros >= 0 ? inRange(Math.floor(micros / 1_000)) : undefined
}

/** `20261120080000`: as milliseconds it would be in the 26th or 27th century. */
const isCompactDate = (value: number): boolean =>
  value >= 19_700_101_000_000 && value < 21_000_000_000_000 && Number.isInteger(value)

function parseTimeString(text: string, rules: TimeRules): number | undefined {
  const length = text.length
  if (text.charCodeAt(4) === dash && length <= maxIsoLength) {
    for (let at = 0; at < length; at++) scratch[at] = Math.min(text.charCodeAt(at), 0xff)
    // Without a zone it is read by the rules.
    const ms =
      rules.timezone === 'UTC' || /(?:[Zz]|UTC|[+-]\d\d(?::?\d\d)?)$/.test(text)
        ? parseIsoBytes(scratch, 0, length)
        : Number.NaN
    if (!Number.isNaN(ms)) return ms
  }
  return readEpochText(text) ?? readTimeText(text, rules)
}

/** `1795161600152`, Java's `1.795161600152E9` or .NET's `/Date(1795161600152+0100)/`, which is in UTC whatever it adds. */
function readEpochText(text: string): number | undefined {
  const net = /^\/Date\((\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text)?.[1]
  if (net !== undefined) return inRange(Number(net))
  const digits = /^\s*(\d{1,20}(?:\.\d+(?:E\d{1,2})?)?)\s*$/.exec(text)?.[1]
  if (digits === undefined) return undefined
  if (/^\d{14}(?:\d{3})?(?:\.\d+)?$/.test(digits) && isCompactDate(Number(digits.slice(0, 14))))
    return undefined
  // More digits than a double holds: the last six are less than a millisecond.
  return /^\d{19}$/.test(digits) && Number(digits) > maxMicros
    ? inRange(Number(digits.slice(0, -6)))
    : parseEpoch(Number(digits))
}

const maxIsoLength = 'YYYY-MM-DDTHH:MM:SS.123456789+00:00'.length
const scratch = new Uint8Array(maxIsoLength)

function parseEpoch(epoch: number): number | undefined {
  if (!(epoch >= 0)) return undefined
  // The added share of a millisecond is more than a double loses in seconds × 1000 and less than a clock tells: 0.123 s
  // must not become 122 ms.
  if (epoch < secondsBelow) return Math.floor(epoch * 1_000 + 0.0005)
  if (epoch <= maxTimeMs) return Math.floor(epoch)
  if (epoch <= maxMicros) return Math.floor(epoch / 1_000)
  if (epoch >= ticks.from && epoch < ticks.to) return Math.floor(epoch / 1e4 + 0.01) - ticks.ofEpochMs
  // A double of nanoseconds is up to 256 of them too small, and a sum is rounded too.
  return inRange(Math.floor((epoch + 512) / 1e6))
}

const inRange = (ms: number): number | undefined => (ms >= 0 && ms <= maxTimeMs ? ms : undefined)

// The midnight of the date that was read last: events come in the order of their days, nearly.
let lastDate = -1
let lastMidnight = 0

/**
 * ISO 8601 with seconds (`YYYY-MM-DDTHH:MM:SS`, or with a space for the T, a fraction of any length, and `Z`, ` UTC`, `±HH`,
 * `±HH:MM`, `±HHMM` or no zone, which is UTC) in the ASCII bytes [start, end): the form of nearly all events. NaN for any
 * other.
 */
export function parseIsoBytes(bytes: Uint8Array, start: number, end: number): number {
  if (
    end - start < 19 ||
    end > bytes.length ||
    bytes[start + 4] !== dash ||
    bytes[start + 7] !== dash ||
    (bytes[start + 10] !== letterT && bytes[start + 10] !== space && bytes[start + 10] !== smallT) ||
    bytes[start + 13] !== colon ||
    bytes[start + 16] !== colon
  )
    return Number.NaN
  const yearMonth = two(bytes, start) * 10_000 + two(bytes, start + 2) * 100 + two(bytes, start + 5)
  const date = yearMonth * 100 + two(bytes, start + 8)
  const hour = two(bytes, start + 11)
  const minute = two(bytes, start + 14)
  const second = two(bytes, start + 17)
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN
  if (date !== lastDate) {
    const midnight = midnightOf(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100)
    if (midnight === undefined) return Number.NaN
    lastDate = date
    lastMidnight = midnight
  }
  let at = start + 19
  let milliseconds = 0
  if (at < end && bytes[at] === point) {
    const first = ++at
    let weight = 100
    for (; at < end; at++) {
      const digit = bytes[at]! - zero
      if (digit < 0 || digit > 9) break
      // Digits beyond the third weigh nothing: what is finer than a millisecond is cut.
      milliseconds += digit * weight
      weight = weight === 100 ? 10 : weight === 10 ? 1 : 0
    }
    if (at === first) return Number.NaN
  }
  const ms =
    lastMidnight +
    hour * hourMs +
    minute * minuteMs +
    second * secondMs +
    milliseconds -
    offsetMs(bytes, at, end)
  return ms >= 0 && ms <= maxTimeMs ? ms : Number.NaN
}

function offsetMs(bytes: Uint8Array, at: number, end: number): number {
  const rest = end - at
  if (rest === 0) return 0
  const sign = bytes[at]
  if (sign === letterZ || sign === smallZ) return rest === 1 ? 0 : Number.NaN
  if (sign === space) {
    const isUtc =
      rest === 4 && bytes[at + 1] === letterU && bytes[at + 2] === letterT && bytes[at + 3] === letterC
    return isUtc ? 0 : Number.NaN
  }
  if (sign !== plus && sign !== dash) return Number.NaN
  const separator = bytes[at + 3] === colon ? 1 : 0
  if (rest !== 3 && rest !== 5 + separator) return Number.NaN
  const hours = two(bytes, at + 1)
  const minutes = rest === 3 ? 0 : two(bytes, at + 3 + separator)
  if (!(hours < 24 && minutes < 60)) return Number.NaN
  return (sign === plus ? 1 : -1) * (hours * hourMs + minutes * minuteMs)
}

/** The two digits at a place as a number; NaN where one is none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - zero
  const ones = bytes[at + 1]! - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const plus = 0x2b
const dash = 0x2d
const point = 0x2e
const zero = 0x30
const colon = 0x3a
const space = 0x20
const letterC = 0x43
const letterT = 0x54
const letterU = 0x55
const letterZ = 0x5a
const smallT = 0x74
const smallZ = 0x7a
