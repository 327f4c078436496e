import { dayMs, hourMs, minuteMs, secondMs } from '../time/units.ts'

/** 9999-12-31T23:59:59.999Z: beyond it ISO 8601 needs a sign, and no shop has an event. */
const maxTimeMs = 253_402_300_799_999

/** Below this a number is seconds (until the year 5138), from it on milliseconds (since March 1973). */
const secondsBelow = 1e11

/**
 * Milliseconds since the epoch of ISO 8601 (`YYYY-MM-DDTHH:MM:SS` or with a space for the T, up to nine digits of a
 * fraction, and `Z`, ` UTC`, `±HH:MM`, `±HHMM` or no zone, which is UTC), or of epoch seconds or milliseconds as a
 * number or a string of one. What is finer than a millisecond is cut. Undefined where it is none of these, before 1970
 * or after 9999.
 */
export function parseEventTime(value: unknown): number | undefined {
  if (typeof value === 'number') return parseEpoch(value)
  if (typeof value !== 'string') return undefined
  const length = value.length
  if (value.charCodeAt(4) !== dash)
    return /^\d{1,16}(\.\d+)?$/.test(value) ? parseEpoch(Number(value)) : undefined
  if (length > maxIsoLength) return undefined
  for (let at = 0; at < length; at++) scratch[at] = Math.min(value.charCodeAt(at), 0xff)
  const ms = parseIsoBytes(scratch, 0, length)
  return Number.isNaN(ms) ? undefined : ms
}

/** The same where numbers are microseconds. */
export function parseMicroseconds(value: unknown): number | undefined {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{1,19}$/.test(value))
  if (!isNumber) return parseEventTime(value)
  const micros = Number(value)
  return micros >= 0 ? inRange(Math.floor(micros / 1_000)) : undefined
}

const maxIsoLength = 'YYYY-MM-DDTHH:MM:SS.123456789+00:00'.length
const scratch = new Uint8Array(maxIsoLength)

function parseEpoch(epoch: number): number | undefined {
  // The added share of a millisecond is more than a double loses in seconds × 1000 and less than a clock tells: 0.123 s
  // must not become 122 ms.
  if (!(epoch >= 0)) return undefined
  return inRange(Math.floor(epoch < secondsBelow ? epoch * 1000 + 0.0005 : epoch))
}

const inRange = (ms: number): number | undefined => (ms >= 0 && ms <= maxTimeMs ? ms : undefined)

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

// The midnight of the date that was read last: events come in the order of their days, nearly.
let lastDate = -1
let lastMidnight = 0

/** The same of ISO 8601 in the ASCII bytes [start, end); NaN where `parseEventTime` gives undefined. */
export function parseIsoBytes(bytes: Uint8Array, start: number, end: number): number {
  if (
    end - start < 19 ||
    end > bytes.length ||
    bytes[start + 4] !== dash ||
    bytes[start + 7] !== dash ||
    (bytes[start + 10] !== letterT && bytes[start + 10] !== space) ||
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
    const midnight = midnightOf(date)
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
    if (at === first || at - first > 9) return Number.NaN
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

/** `date` as the number YYYYMMDD, NaN where a digit is none. */
function midnightOf(date: number): number | undefined {
  const year = Math.floor(date / 10_000)
  const month = Math.floor(date / 100) % 100
  const day = date % 100
  const last =
    month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : daysOfMonth[month - 1]
  if (last === undefined || !(day >= 1 && day <= last)) return undefined
  // Date.UTC takes a year below 100 for one of the twentieth century. No time of day and zone reach over two days.
  return year < 100 ? -2 * dayMs : Date.UTC(year, month - 1, day)
}

function offsetMs(bytes: Uint8Array, at: number, end: number): number {
  const rest = end - at
  if (rest === 0) return 0
  const sign = bytes[at]
  if (sign === letterZ) return rest === 1 ? 0 : Number.NaN
  if (sign === space) {
    const isUtc =
      rest === 4 && bytes[at + 1] === letterU && bytes[at + 2] === letterT && bytes[at + 3] === letterC
    return isUtc ? 0 : Number.NaN
  }
  if ((sign !== plus && sign !== dash) || rest < 5) return Number.NaN
  const separator = bytes[at + 3] === colon ? 1 : 0
  if (rest !== 5 + separator) return Number.NaN
  const hours = two(bytes, at + 1)
  const minutes = two(bytes, at + 3 + separator)
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
