import { z } from 'zod'
import { duration, parseDuration } from '../../detectors/rules/units.ts'
import { formatSize, size } from './byte-size.ts'
import { nearest } from './nearest.ts'

export const pipelineName = z
  .string()
  .regex(/^[\w.-]{1,100}$/, { error: 'a name of letters, digits, dots, - and _' })
  .prefault('shop')

/** Text that says something: not empty, no spaces around it. */
export const trimmedText = z.string().regex(/^\S(?:[\s\S]*\S)?$/, { error: 'text that is not empty' })

/** A duration of at least and at most so long, both included, in milliseconds behind the border. */
export const durationBetween = (least: string, most: string) =>
  duration.refine(ms => ms >= parseDuration(least)! && ms <= parseDuration(most)!, {
    error: `a duration from ${least} to ${most}`
  })

/** A size from least to most bytes. */
export const sizeBetween = (least: number, most: number) =>
  size.refine(bytes => bytes >= least && bytes <= most, {
    error: `a size from ${formatSize(least)} to ${formatSize(most)}`
  })

/** `on` or `off`, which YAML 1.2 reads as text; true and false are the same. */
export const onOff = z
  .union([z.boolean(), z.enum(['on', 'off'])], { error: 'on or off' })
  .transform(value => value === true || value === 'on')

/** Null behind the border where it is not given. */
export const orNull = <T extends z.ZodType>(one: T) => one.optional().transform(value => value ?? null)

export const oneOrMore = <T extends z.ZodType>(one: T) =>
  z
    .union([one, z.array(one).min(1, 'at least one')])
    .transform(value => (Array.isArray(value) ? value : [value]))

/** Null behind the border where it is switched off. */
export const orOff = <T extends z.ZodType>(one: T, error: string) =>
  z.union([z.enum(['off']).transform(() => null), z.literal(false).transform(() => null), one], { error })

export const httpUrl = z.url({ protocol: /^https?$/, error: 'a URL beginning with https:// or http://' })

/** Texts by name. */
export const labelsSchema = z.record(
  z
    .string()
    .regex(/^[A-Za-z_][\w.-]*$/, { error: 'a name of letters, digits, dots, dashes and underscores' }),
  trimmedText
)

/** Adds an issue whose message is a whole sentence about what is at the path. */
export const refuseAt = (context: z.RefinementCtx, path: (string | number)[], message: string): void =>
  context.addIssue({ code: 'custom', path, message, params: { sentence: true } })

export const refuseKey = (context: z.RefinementCtx, key: string, message: string): void =>
  refuseAt(context, [key], message)

/** A list, or a text with commas. */
export const listOf = (item: z.ZodType<string, string>, error: string) =>
  z
    .union([z.array(z.string()), z.string()], { error })
    .transform(value => (typeof value === 'string' ? value.split(',') : value).map(part => part.trim()))
    .pipe(z.array(item).min(1, { error }))

export const timezone = z.string().superRefine((zone, context) => {
  if (isZone(zone)) return
  const near = nearest(zone, Intl.supportedValuesOf('timeZone'))
  context.addIssue({
    code: 'custom',
    message: `a time zone such as UTC or Europe/Berlin${near ? ` (did you mean ${near}?)` : ''}`
  })
})

const isCurrency = (code: string): boolean => Intl.supportedValuesOf('currency').includes(code)

export const currency = z.string().refine(isCurrency, {
  error: 'a currency of ISO 4217 such as USD'
})

/** A currency, or `auto`: that of the first purchases. */
export const learnedCurrency = 'auto'
export const currencyChoice = z.string().refine(code => code === learnedCurrency || isCurrency(code), {
  error: 'a currency of ISO 4217 such as USD, or auto'
})

/** An offset such as +02:00 is no place: it has no summer time. */
function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return !/^[+-]/.test(zone)
  } catch {
    return false
  }
}
