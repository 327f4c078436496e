import { z } from 'zod'
import { dayMs, secondMs } from '../../src/time/units.ts'
import { checkLadder, ladder, severity } from '../rules/options.ts'
import { parseDuration, parseShare, share } from '../rules/units.ts'

/** What a rule adds up at a close: the newest windows of so much time, or the local day so far and the days before it. */
type Over = { readonly kind: 'span'; readonly ms: number } | { readonly kind: 'days'; readonly days: number }

/** The newest windows are kept one by one. */
const longestSpanMs = dayMs
const maxDays = 60
const maxRules = 100

const overError = 'a duration from 1s to 1d, day, or a number of days such as 7 days'
const over = z.string({ error: overError }).transform((text, context): Over => {
  const days = text === 'day' ? 1 : Number(/^(\d+) days$/.exec(text)?.[1] ?? Number.NaN)
  if (days >= 1 && days <= maxDays) return { kind: 'days', days }
  const ms = parseDuration(text) ?? 0
  if (ms >= secondMs && ms <= longestSpanMs) return { kind: 'span', ms }
  context.addIssue({ code: 'custom', message: overError })
  return z.NEVER
})

const amountError = 'a number such as 10000, or a share such as 5%'
/** In the metric's unit. */
const amount = z.union([z.number(), z.string()], { error: amountError }).transform((value, context) => {
  const number = typeof value === 'number' ? value : parseShare(value)
  if (number !== undefined) return number
  context.addIssue({ code: 'custom', message: amountError })
  return z.NEVER
})

const hoursError = 'hours from 0 to 23, such as 8-20 or [8, 12, 16]'
const hour = z.int().min(0).max(23)
const hours = z
  .union([z.string(), z.number(), z.array(z.number())], { error: hoursError })
  .transform((written, context): readonly number[] => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(String(written)) ?? []
    const all = Array.isArray(written)
      ? written
      : Array.from({ length: Number(last) - Number(first) + 1 || 0 }, (_, index) => Number(first) + index)
    if (all.length > 0 && all.every(one => hour.safeParse(one).success)) return all
    context.addIssue({ code: 'custom', message: hoursError })
    return z.NEVER
  })

const name = z
  .string()
  .regex(/^[a-z0-9][\w.-]{0,59}$/i, { error: 'a name of letters, digits, dots, dashes and underscores' })

const rule = z
  .strictObject({
    /** Tells its alerts from those of other rules. */
    name: name.optional(),
    metric: z.string(),
    /** Judges each value of this dimension by itself. */
    dimension: z.string().optional(),
    /** Judges one segment, such as `country=DE`. */
    segment: z.string().regex(/=/, { error: 'a segment such as country=DE' }).optional(),
    above: amount.optional(),
    below: amount.optional(),
    over,
    /** Local hours at which it is asked; else at each close. */
    hours: hours.optional(),
    /** Found once in a local day, however often it ends and begins again. */
    once: z.literal('day').optional(),
    severity: severity('medium'),
    /** By how far the value is beyond the threshold, as a share of it. */
    raise_by: ladder(share, {})
  })
  .superRefine((written, context) => {
    const { above, below, dimension, segment, raise_by } = written
    const issue = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message })
    if ((above === undefined) === (below === undefined)) issue([], 'either above or below')
    if (dimension !== undefined && segment !== undefined)
      issue(['segment'], 'either a segment or a dimension')
    if ((above ?? below) === 0 && raise_by.length > 0) issue(['raise_by'], 'a threshold that is not 0')
    checkLadder((path, message) => issue(path, message), 'raise_by', written.severity, 0, raise_by)
  })
  .transform(({ name: own, above, below, raise_by, ...rest }) => {
    const direction = below === undefined ? ('above' as const) : ('below' as const)
    return {
      ...rest,
      name: own ?? `${rest.metric}-${direction}`,
      direction,
      threshold: above ?? below ?? 0,
      raiseBy: raise_by
    }
  })

export type ThresholdRule = Readonly<z.output<typeof rule>>

/** The dimension whose rows a rule looks at; undefined where it is of the whole shop. */
export const dimensionOf = ({
  dimension,
  segment
}: Pick<ThresholdRule, 'dimension' | 'segment'>): string | undefined =>
  dimension ?? segment?.replaceAll(/=.*?(?= × |$)/g, '')

export const thresholdRules = z
  .array(rule)
  .max(maxRules)
  .superRefine((all, context) => {
    for (const [index, { name: own }] of all.entries())
      if (all.findIndex(one => one.name === own) < index)
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `a name that no other rule has: ${own} is one already`
        })
  })
  .default([])
