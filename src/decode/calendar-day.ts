/** 9999-12-31T23:59:59.999Z: beyond it ISO 8601 needs a sign, and no shop has an event. */
export const maxTimeMs = 253_402_300_799_999

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The first moment of a day in UTC; undefined where there is no such day. */
export function midnightOf(year: number, month: number, day: number): number | undefined {
  const last =
    month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : daysOfMonth[month - 1]
  if (last === undefined || !(day >= 1 && day <= last)) return undefined
  // Date.UTC takes a year below 100 for one of the twentieth century; all of these are before 1970.
  return year < 100 ? Date.UTC(1900, 0, 1) : Date.UTC(year, month - 1, day)
}
