import { z } from 'zod'
import { kinds } from '../../detectors/catalogue.ts'
import { dayMs } from '../time/units.ts'
import { trimmedText } from './schema-parts.ts'

/** A date is a whole day; times are those of the shop's clocks, in milliseconds as if these showed UTC. */
interface Moment {
  readonly wallMs: number
  readonly isDate: boolean
}

const form = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?$/

const expected = 'a date such as 2026-11-27, or 2026-11-27 08:00'

const moment = z.string({ error: expected }).transform((value, context): Moment => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = (form.exec(value) ?? [])
    .slice(1)
    .map(part => Number(part ?? 0))
  const wallMs = Date.UTC(year, month - 1, day, hour, minute)
  // There is no 30th of February.
  if (new Date(wallMs).toISOString().startsWith(value.replace(' ', 'T'))) {
    return { wallMs, isDate: value.length === 10 }
  }
  context.addIssue({ code: 'custom', message: expected })
  return z.NEVER
})

const effects = {
  effect: z.enum(['mute', 'widen']).default('widen'),
  widen: z.number().gt(1).max(100).default(3),
  kinds: z
    .array(z.enum(kinds.map(({ kind }) => kind)))
    .min(1)
    .optional()
}

/** An entry of the configuration, [fromWallMs, toWallMs) by the shop's clocks. */
export type CalendarDate = z.output<typeof calendarSchema>[number]

/** An iCalendar file; what is in it is read once the configuration is right. */
export type CalendarFile = z.output<typeof calendarFilesSchema>[number]

/** The `calendar:` section. */
export const calendarSchema = z.array(
  z
    .strictObject({
      name: trimmedText,
      from: moment,
      to: moment.optional(),
      every: z.literal('year').optional(),
      ...effects
    })
    .transform(({ from, to = from, every, widen: factor, kinds, ...rest }) => ({
      ...rest,
      factor,
      kinds,
      fromWallMs: from.wallMs,
      toWallMs: to.wallMs + (to.isDate ? dayMs : 0),
      everyYear: every === 'year'
    }))
    .superRefine(({ fromWallMs, toWallMs }, context) => {
      if (toWallMs <= fromWallMs)
        context.addIssue({ code: 'custom', path: ['to'], message: 'later than from' })
    })
)

const calendarFile = z.strictObject({ file: trimmedText, ...effects })

/** The `calendar_files:` section: names of files, or these with an effect. */
export const calendarFilesSchema = z.array(
  z
    .union([trimmedText.transform(file => ({ file })).pipe(calendarFile), calendarFile])
    .transform(({ widen: factor, ...rest }) => ({ ...rest, factor, text: '' }))
)
