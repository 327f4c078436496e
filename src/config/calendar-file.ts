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
  if (!/^BEGIN:VCALENDAR/im.test(text)) return { message: 'there is no BEGIN:VCALENDAR' }
  try {
    for (const event of eventsOf(text)) event.getOccurrenceDetails(event.startDate)
    return undefined
  } catch (error) {
    const message = messageOf(error)
    return { line: lineOf(text, message), message }
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
