import { z } from 'zod'
import { allKinds } from '../../detectors/kind-of.ts'
import { parseDuration } from '../../detectors/rules/units.ts'
import { severities } from '../../detectors/types.ts'
import { type Matchers, namesAny, severitiesOf } from '../routing/matchers.ts'
import { expectedOf } from '../telemetry/expected.ts'
import { visible } from '../telemetry/visible-text.ts'
import { wrongInput } from '../telemetry/wrong-input.ts'
import { dayMs } from '../time/units.ts'
import type { Silencing } from './actions.ts'

const texts = oneOrMore(z.string().min(1).max(300))
const time = z
  .union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })], {
    error: 'a time with its zone, such as 2026-11-28T20:00Z'
  })
  .transform(text => Date.parse(text))

function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.union([item.transform(one => [one]), z.array(item).min(1).max(100)])
}

/** A kind that there is, or a pattern with `*` or `!`. */
const kind = z.string().refine(name => /[*!]/.test(name) || allKinds.some(known => known.kind === name), {
  error: 'a kind of anomaly, or a pattern with *'
})

const severity = z.string().refine(name => namesAny(name, severities), {
  error: `${severities.join(', ')}, or a pattern`
})

const matchSchema = z
  .strictObject({
    kind: oneOrMore(kind),
    severity: oneOrMore(severity),
    segment: texts,
    pipeline: texts,
    labels: z.record(z.string().min(1).max(100), texts)
  })
  .partial()
  .refine(match => Object.keys(match).length > 0, {
    error: 'at least one of kind, severity, segment, pipeline, labels'
  })
  .transform(
    ({ kind: kindsOf, severity: severitiesNamed, segment, pipeline, labels }): Matchers => ({
      kinds: kindsOf ?? null,
      severities: severitiesOf(severitiesNamed ?? null),
      segments: segment ?? null,
      pipelines: pipeline ?? null,
      labels: labels ?? {}
    })
  )

const longestMs = 90 * dayMs

const silenceSchema = z.strictObject({
  match: matchSchema,
  by: z.string().min(1).max(200),
  reason: z.string().trim().min(1).max(1_000).transform(visible),
  starts_at: time.optional(),
  ends_at: time.optional(),
  for: z
    .string()
    .transform(text => parseDuration(text) ?? Number.NaN)
    .pipe(z.number({ error: 'a duration such as 2h' }).positive({ error: 'a duration such as 2h' }))
    .optional()
})

export type ReadSilence =
  | { readonly kind: 'right'; readonly by: string; readonly silencing: Silencing }
  | { readonly kind: 'wrong'; readonly message: string }

/** Reads what a silence is to be; with neither start nor end it begins now, and lasts for as long as `for` says. */
export function silencingOf(value: unknown, nowMs: number): ReadSilence {
  const parsed = silenceSchema.safeParse(value, { error: expectedOf })
  if (!parsed.success) return wrong(wrongInput(parsed.error, value))
  const { match: matchers, by, reason, starts_at: startsAt = nowMs, ends_at, for: forMs } = parsed.data
  if ((ends_at === undefined) === (forMs === undefined))
    return wrong('either for or ends_at says when it ends')
  const endsAt = ends_at ?? startsAt + Math.round(Number(forMs))
  if (endsAt <= Math.max(nowMs, startsAt)) return wrong('it is over before it begins')
  if (endsAt - nowMs > longestMs) return wrong('it ends more than 90 days from now')
  return { kind: 'right', by, silencing: { matchers, reason, startsAt, endsAt } }
}

const wrong = (message: string): ReadSilence => ({ kind: 'wrong', message })
