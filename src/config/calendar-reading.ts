import type { CalendarFile } from './calendar.ts'
import { calendarFault } from './calendar-file.ts'
import { type ReadFile, reason } from './environment.ts'
import type { ConfigError } from './errors.ts'

export interface ReadCalendars {
  readonly files: readonly CalendarFile[]
  /** Files that are not there: their place in the list, and why. */
  readonly missing: readonly { readonly index: number; readonly message: string }[]
  /** What is wrong within a file, with the file's name and line as its place. */
  readonly faults: readonly ConfigError[]
}

/** Reads the texts of calendar files. */
export function readCalendars(files: readonly CalendarFile[], readFile: ReadFile): ReadCalendars {
  const missing: { index: number; message: string }[] = []
  const faults: ConfigError[] = []
  const read = files.map((one, index) => {
    try {
      const text = readFile(one.file)
      const fault = calendarFault(text)
      if (fault) {
        const place = fault.line === undefined ? one.file : `${one.file}:${fault.line}`
        faults.push({ place, path: '', message: `is not an iCalendar file (${fault.message})` })
      }
      return { ...one, text }
    } catch (cause) {
      missing.push({ index, message: `is ${JSON.stringify(one.file)}: can't be read (${reason(cause)})` })
      return one
    }
  })
  return { files: read, missing, faults }
}
