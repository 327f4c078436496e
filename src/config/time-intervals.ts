import { z } from 'zod'
import { type Times, weekdays } from '../routing/time-intervals.ts'
import { dayMs } from '../time/units.ts'
import { timezone, trimmedText } from './schema-parts.ts'

const daysExpected = 'days such as mon-fri, sat or [mon-thu, sun]'
const datesExpected = 'dates such as 2026-12-24 or 2026-12-24..2026-12-26'

/** `mon-fri` and `sat` as days of the week from 0 for Monday; undefined where it is neither. `sat-mon` has three. */
function daysOf(spelled: string): number[] | undefined {
  const [first = '', last = first, ...more] = spelled.split('-').map(name => name.trim().toLowerCase())
  const [from, to] = [first, last].map(name => weekdays.indexOf(name))
  if (more.length || from === undefined || to === undefined || from < 0 || to < 0) return undefined
  const count = ((to - from + 7) % 7) + 1
  return Array.from({ length: count }, (_, step) => (from + step) % 7)
}

/** `2026-12-24`, or two of them with `..` between, as days since 1970-01-01; undefined where there is no such day. */
function datesOf(spelled: string): { first: number; last: number } | undefined {
  const [first = '', last = first, ...more] = spelled.split('..').map(name => name.trim())
  const [from = Number.NaN, to = Number.NaN] = [first, last].map(dayOf)
  return more.length || !(from <= to) ? undefined : { first: from, last: to }
}

function dayOf(date: string): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN
  // There is no 30th of February.
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(date) ? ms / dayMs : Number.NaN
}

/** One text or a list of them, each read by `read`. */
const spelled = <T>(read: (one: string) => T | undefined, error: string) =>
  z.union([z.string(), z.array(z.string()).min(1)], { error }).transform((value, context): T[] => {
    const texts = Array.isArray(value) ? value : value.split(',')
    const found = texts.map(one => read(one.trim())).filter(one => one !== undefined)
    if (found.length < texts.length) context.addIssue({ code: 'custom', message: error })
    return found
  })

const timeOfDay = z
  .string({ error: 'a time such as "09:00"' })
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'a time such as "09:00"' })

const fields = {
  days: spelled(daysOf, daysExpected).optional(),
  dates: spelled(datesOf, datesExpected).optional(),
  from: timeOfDay.optional(),
  to: timeOfDay.optional()
}

const range = z.strictObject(fields)
type Written = z.output<typeof range>

const timesOf = ({ days, dates, from = '00:00', to = '24:00' }: Written): Times => ({
  days: days ? [...new Set(days.flat())].sort() : null,
  dates: dates ?? null,
  fromMinute: minuteOf(from),
  toMinute: minuteOf(to)
})

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

function checkTimes(written: Written, context: z.RefinementCtx): void {
  if (Object.values(written).every(value => value === undefined)) {
    context.addIssue({ code: 'custom', message: 'at least one of days, dates, from and to' })
  } else if ((written.from ?? '00:00') === (written.to ?? '24:00')) {
    context.addIssue({ code: 'custom', path: ['to'], message: 'another time than from' })
  }
}

/** Without a timezone the shop's own applies. */
export interface IntervalConfig {
  readonly timezone: string | undefined
  readonly times: readonly Times[]
}

const ranges = z.array(range.superRefine(checkTimes)).min(1)

const interval = z
  .strictObject({ timezone: timezone.optional(), ...fields, ranges: ranges.optional() })
  .superRefine(({ timezone: _, ranges: several, ...written }, context) => {
    if (several === undefined) return checkTimes(written, context)
    if (Object.values(written).some(value => value !== undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['ranges'],
        message: 'either ranges, or one range next to timezone'
      })
    }
  })
  .transform(
    ({ timezone, ranges: several, ...written }): IntervalConfig => ({
      timezone,
      times: (several ?? [written]).map(timesOf)
    })
  )

const intervalName = trimmedText.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, {
  error: 'a name of letters, digits, dots, dashes and underscores'
})

/** The `time_intervals:` section. */
export const timeIntervalsSchema = z
  .record(intervalName, interval)
  .transform(intervals => new Map<string, IntervalConfig>(Object.entries(intervals)))
