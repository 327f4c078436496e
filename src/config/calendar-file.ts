import ICAL from 'ical.js'
import { messageOf } from '../telemetry/message.ts'

/** One occurrence of an event of an iCalendar file; an end is exclusive. */
export interface Occurrence {
  readonly name: string
  readonly from: ICAL.Time
  readonly to: ICAL.Time
  /** The name that the file gives the timezone of its times; absent where they are of UTC or of no timezone. */
  readonly timezone: string | undefined
}

/** What is wrong with a text as an iCalendar file, and in which line, where that is known; undefined where nothing is. */
export function calendarFault(text: string): { line?: number | undefined; message: string } | undefined {
  if (!/^BEGIN:VCALENDAR/im.test(text)) return { message: notOne('there is no BEGIN:VCALENDAR') }
  try {
    for (const event of eventsOf(text)) {
      const fine = event.component.getAllProperties('rrule').find(isFinerThanHourly)
      if (fine) {
        const rule = String(fine.getFirstValue())
        const message = `${rule} recurs more often than once an hour; expected FREQ=HOURLY or rarer`
        return { line: lineOf(text, `"${rule}"`) ?? lineOf(text, '"RRULE"'), message }
      }
      event.getOccurrenceDetails(event.startDate)
    }
    return undefined
  } catch (error) {
    const message = messageOf(error)
    return { line: lineOf(text, message), message: notOne(message) }
  }
}

/** The occurrences that begin from one year to another, both included; a series is followed from its beginning. */
export function* occurrencesOf(text: string, fromYear: number, toYear: number): Generator<Occurrence> {
  for (const event of eventsOf(text)) {
    const days = event.iterator()
    for (let day = days.next(); day && day.year <= toYear; day = days.next()) {
      if (day.year < fromYear) continue
      const { item, startDate, endDate } = event.getOccurrenceDetails(day)
      const timezone = item.component.getFirstProperty('dtstart')?.getFirstParameter('tzid')
      yield {
        name: item.summary ?? 'an event without a name',
        from: startDate,
        to: endDate,
        timezone: timezone || undefined
      }
    }
  }
}

const notOne = (why: string): string => `is not an iCalendar file (${why})`

/** Following such a rule through years would take minutes, and no promotion is so short. */
function isFinerThanHourly(rule: ICAL.Property): boolean {
  const value = rule.getFirstValue()
  if (!(value instanceof ICAL.Recur)) return false
  const { freq, parts } = value
  if (freq === 'SECONDLY' || freq === 'MINUTELY') return true
  return [parts.BYMINUTE, parts.BYSECOND].some(list => (list?.length ?? 0) > 1)
}

/** Events with those that replace one of their occurrences. */
function eventsOf(text: string): readonly ICAL.Event[] {
  const components = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
  const all = components.map(component => new ICAL.Event(component, { strictExceptions: true }))
  const events = all.filter(event => !event.isRecurrenceException())
  for (const exception of all.filter(event => event.isRecurrenceException())) {
    events.find(({ uid }) => uid === exception.uid)?.relateException(exception)
  }
  return events
}

/** The parser quotes what it cannot read. */
function lineOf(text: string, message: string): number | undefined {
  const lines = text.split(/\r?\n/)
  for (const [, quoted = ''] of message.matchAll(/"([^"]+)"/g)) {
    const at = /\w/.test(quoted) ? lines.findIndex(line => line.includes(quoted)) : -1
    if (at >= 0) return at + 1
  }
  return undefined
}
