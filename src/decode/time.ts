/** 9999-12-31T23:59:59.999Z: beyond it ISO 8601 needs a sign, and no shop has an event. */
export const maxTimeMs = 253_402_300_799_999

/** Below this a number is seconds (until the year 5138), from it on milliseconds (since March 1973). */
export const secondsBelow = 1e11

/**
 * Milliseconds since the epoch of ISO 8601 (`YYYY-MM-DDTHH:MM:SS`, up to nine digits of a fraction, and `Z`, `±HH:MM`,
 * `±HHMM` or no zone, which is UTC), or of epoch seconds or milliseconds as a number or a string of one. What is
 * finer than a millisecond is cut. Undefined where it is none of these, before 1970 or after 9999.
 */
export function parseEventTime(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const isoMs = parseIsoTime(value)
    if (isoMs !== undefined) return inRange(isoMs)
    return /^\d{1,16}(\.\d+)?$/.test(value) ? parseEpoch(Number(value)) : undefined
  }
  return typeof value === 'number' ? parseEpoch(value) : undefined
}

function parseEpoch(epoch: number): number | undefined {
  // The added share of a millisecond is more than a double loses in seconds × 1000 and less than a clock tells: 0.123 s
  // must not become 122 ms.
  if (!(epoch >= 0)) return undefined
  return inRange(Math.floor(epoch < secondsBelow ? epoch * 1000 + 0.0005 : epoch))
}

const inRange = (ms: number): number | undefined => (ms >= 0 && ms <= maxTimeMs ? ms : undefined)

const dayMs = 86_400_000
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

// The midnight of the date that was read last: events come in the order of their days, nearly.
let lastDate = -1
let lastMidnight = 0

function parseIsoTime(text: string): number | undefined {
  const length = text.length
  if (
    length < 19 ||
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 84 ||
    text.charCodeAt(13) !== 58 ||
    text.charCodeAt(16) !== 58
  )
    return undefined
  const date = two(text, 0) * 1_000_000 + two(text, 2) * 10_000 + two(text, 5) * 100 + two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  if (!(hour < 24 && minute < 60 && second < 60)) return undefined
  if (date !== lastDate) {
    const midnight = midnightOf(date)
    if (midnight === undefined) return undefined
    lastDate = date
    lastMidnight = midnight
  }
  let at = 19
  let milliseconds = 0
  if (text.charCodeAt(at) === 46) {
    let scale = 100
    const start = ++at
    for (; at < length; at++) {
      const digit = text.charCodeAt(at) - 48
      if (!(digit >= 0 && digit <= 9)) break
      if (scale >= 1) milliseconds += digit * scale
      scale /= 10
    }
    if (at === start || at - start > 9) return undefined
  }
  const offset = offsetMs(text, at)
  if (offset === undefined) return undefined
  return lastMidnight + hour * 3_600_000 + minute * 60_000 + second * 1_000 + milliseconds - offset
}

/** `date` as the number YYYYMMDD, NaN where a digit is none. */
function midnightOf(date: number): number | undefined {
  const year = Math.floor(date / 10_000)
  const month = Math.floor(date / 100) % 100
  const day = date % 100
  const last =
    month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : daysOfMonth[month - 1]
  if (last === undefined || !(day >= 1 && day <= last)) return undefined
  // Date.UTC takes a year below 100 for one of the twentieth century.
  return year < 100 ? -dayMs : Date.UTC(year, month - 1, day)
}

function offsetMs(text: string, at: number): number | undefined {
  const rest = text.length - at
  if (rest === 0) return 0
  const sign = text.charCodeAt(at)
  if (sign === 90) return rest === 1 ? 0 : undefined
  if (sign !== 43 && sign !== 45) return undefined
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0
  if (rest !== 5 + colon) return undefined
  const hours = two(text, at + 1)
  const minutes = two(text, at + 3 + colon)
  if (!(hours < 24 && minutes < 60)) return undefined
  return (sign === 43 ? 1 : -1) * (hours * 3_600_000 + minutes * 60_000)
}

/** The two digits at a place as a number; NaN where one is none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
