import type { CalendarFile } from './calendar.ts'
import { calendarFault } from './calendar-file.ts'
import { type ReadFile, reason } from './environment.ts'
import type { ConfigError, CrossIssue } from './errors.ts'

/** Reads the texts of calendar files: those that are missing, and what is wrong within one, by its name and line. */
export function readCalendars(files: readonly CalendarFile[], readFile: ReadFile) {
  const missing: CrossIssue[] = []
  const faults: ConfigError[] = []
  const read = files.map((one, index) => {
    try {
      const text = readFile(one.file)
      const fault = calendarFault(text)
      if (fault) {
        const place = fault.line === undefined ? one.file : `${one.file}:${fault.line}`
        faults.push({ place, path: '', message: fault.message, rule: 'unreadable-file' })
      }
      return { ...one, text }
    } catch (cause) {
      const message = `is ${JSON.stringify(one.file)}: can't be read (${reason(cause)})`
      missing.push({ path: ['calendar_files', index], message, rule: 'unreadable-file' })
      return one
    }
  })
  return { files: read, missing, faults }
}
