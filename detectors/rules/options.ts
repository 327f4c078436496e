import { z } from 'zod'
import { minuteMs } from '../../src/time/units.ts'
import type { Ladder } from '../types.ts'
import { type Severity, severities } from '../types.ts'
import { isAbove } from './severity.ts'
import { duration, share } from './units.ts'

const usualSpans: readonly number[] = [1, 2, 3, 5, 10, 15, 30, 60]

export const severity = (fallback: Severity) => z.enum(severities).default(fallback)

/** A share above 0 and below 1, given as `30%` or `0.3`. */
export const part = (fallback: number) =>
  share.refine(value => value > 0 && value < 1, 'a share above 0% and below 100%').default(fallback)

export const positive = (fallback: number) => z.number().positive().default(fallback)

export const enabled = z.boolean().default(true)

export const maxPValue = (fallback = 1e-5) =>
  z.number().gt(0).lt(0.1, { error: 'a probability below 0.1, such as 1e-5' }).default(fallback)

export const spans = (fallback = usualSpans) =>
  z
    .array(z.int().min(1).max(1_440))
    .min(1)
    .refine(
      list => list.every((span, i) => i === 0 || span > (list[i - 1] as number)),
      'spans in base windows, each longer than the one before'
    )
    .default([...fallback])

interface ScanningDefaults {
  readonly spans?: readonly number[] | undefined
  readonly minWindows?: number
  readonly improbable?: number
}

/** The keys of every kind that sweeps trailing sums. */
export const scanning = ({ spans: fallback, minWindows = 2, improbable }: ScanningDefaults = {}) => ({
  enabled,
  spans: spans(fallback),
  min_windows: z.int().min(1).max(60).default(minWindows),
  improbable: maxPValue(improbable)
})

/** Severities that a worse measure raises to: `{ high: 4, critical: 6 }`. */
export const ladder = (measure: z.ZodType<number>, fallback: Partial<Record<Severity, number>>) =>
  z
    .partialRecord(z.enum(severities), measure)
    .default(fallback)
    .transform(steps =>
      severities.flatMap((name): Ladder => {
        const from = steps[name]
        return from === undefined ? [] : [{ severity: name, from }]
      })
    )

/** The section of a kind about the pipeline itself, whose severity rises once it has lasted. */
export const lasting = (criticalAfterMs: number) =>
  section(
    {
      enabled,
      after: duration.default(minuteMs),
      severity: severity('high'),
      raise_after: ladder(duration, { critical: criticalAfterMs })
    },
    (value, issue) => checkLadder(issue, 'raise_after', value.severity, value.after, value.raise_after)
  ).transform(({ after, raiseAfter, ...rest }) => ({ ...rest, afterMs: after, raiseAfterMs: raiseAfter }))

type Issue = (path: readonly (string | number)[], message: string) => void

/** A worse severity needs a worse measure, each beyond the rule itself. */
export function checkLadder(issue: Issue, key: string, base: Severity, rule: number, steps: Ladder): void {
  let milder: { readonly severity: string; readonly from: number } = { severity: base, from: rule }
  for (const rung of steps) {
    if (!isAbove(rung.severity, base)) {
      issue([key, rung.severity], `a severity worse than severity: ${base}`)
    } else if (rung.from < milder.from) {
      issue(
        [key, rung.severity],
        `${rung.severity} from ${rung.from} is milder than ${milder.severity} from ${milder.from}`
      )
    }
    milder = rung
  }
}

/** The configuration says `improbable` where the code says `maxPValue`. */
type Named<Key extends string> = Key extends 'improbable'
  ? 'max_p_value'
  : Key extends `${infer Head}_improbable`
    ? `${Head}_max_p_value`
    : Key
const named = (key: string): string => key.replace(/(^|_)improbable$/, '$1max_p_value')

type Camel<Key extends string> = Key extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Key
type CamelKeys<T> = { readonly [Key in keyof T & string as Camel<Named<Key>>]: T[Key] }

/**
 * The section of a kind: every key has a default, an unknown one is refused, and mistakes across keys are reported at
 * their own path. Behind the border its keys are written `minWindows`.
 */
export function section<Shape extends z.ZodRawShape>(
  shape: Shape,
  check: (value: z.output<z.ZodObject<Shape, z.core.$strict>>, issue: Issue) => void = () => {}
) {
  return z
    .strictObject(shape)
    .superRefine((value, context) => {
      const issue: Issue = (path, message) => context.addIssue({ code: 'custom', path: [...path], message })
      checkSpans(value, issue)
      check(value, issue)
    })
    .prefault({} as z.input<z.ZodObject<Shape, z.core.$strict>>)
    .transform(camelKeys)
}

function checkSpans(value: object, issue: Issue): void {
  const { spans, min_windows: least } = value as { spans?: readonly number[]; min_windows?: number }
  if (least !== undefined && spans?.every(span => span < least)) {
    issue(['spans'], `a span of at least min_windows: ${least} windows`)
  }
}

/** How a key of a section is written behind the border. */
export const camel = (key: string): string =>
  named(key).replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const camelKeys = <T extends object>(value: T): CamelKeys<T> =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [camel(key), inner])) as CamelKeys<T>
