import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { kinds as listed } from '../../detectors/catalogue.ts'
import { severities } from '../../detectors/types.ts'
import type { Matchers } from '../routing/matchers.ts'
import { anything, namesAny, severitiesOf } from '../routing/matchers.ts'
import { type Route, summaryKind } from '../routing/router.ts'
import { nearest } from './nearest.ts'
import { nobody } from './receiver-types/receiver-types.ts'
import { orNull, trimmedText } from './schema-parts.ts'

/** `at`: where its receiver is named, within `routes`. */
export type RouteConfig = Route & { readonly at: readonly (string | number)[] }

export const matchesAll = ({ match, when }: Pick<Route, 'match' | 'when'>): boolean =>
  isDeepStrictEqual(match, anything) && when.length === 0

/** What a kind may be in a match: those of anomalies, and that of a summary. */
export const routedKinds: readonly string[] = [...listed.map(({ kind }) => kind), summaryKind]

const oneOrMore = <T extends z.ZodType>(one: T) =>
  z
    .union([one, z.array(one).min(1, 'at least one')])
    .transform(value => (Array.isArray(value) ? value : [value]))

/** A misspelled kind would match nothing, and its alerts go elsewhere. */
const kindPattern = z.string().superRefine((pattern, context) => {
  if (namesAny(pattern, routedKinds)) return
  const near = nearest(pattern.replace(/^!/, ''), routedKinds)
  const message = `a kind such as data_loss, or a pattern such as *_drop${near ? ` (did you mean ${near}?)` : ''}`
  context.addIssue({ code: 'custom', message })
})

const severityPattern = z.string().refine(pattern => namesAny(pattern, severities), {
  error: `${severities.join(', ')}, or a pattern`
})

const matchSchema = z
  .strictObject({
    kind: orNull(oneOrMore(kindPattern)),
    severity: orNull(oneOrMore(severityPattern)),
    segment: orNull(oneOrMore(trimmedText)),
    pipeline: orNull(oneOrMore(trimmedText)),
    labels: z.record(trimmedText, oneOrMore(trimmedText)).optional()
  })
  .transform(
    ({ kind: kinds, severity, segment: segments, pipeline: pipelines, labels = {} }): Matchers => ({
      kinds,
      severities: severitiesOf(severity),
      segments,
      pipelines,
      labels
    })
  )

const routeSchema = z
  .strictObject({
    match: matchSchema.optional(),
    /** Names of time intervals, `!` for outside of one. */
    when: oneOrMore(trimmedText).optional(),
    receiver: z.string().optional(),
    continue: z.boolean().default(false),
    /** Short for a last route without a match. */
    default: z.string().optional()
  })
  .superRefine((route, context) => {
    const both = route.receiver !== undefined && route.default !== undefined
    if (both || (route.receiver === undefined && route.default === undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'either receiver: NAME or, for the last route, default: NAME'
      })
    } else if (route.default !== undefined && (route.match || route.when || route.continue)) {
      context.addIssue({
        code: 'custom',
        path: ['default'],
        message: 'a default route has no match, when or continue'
      })
    }
  })

const listSchema = z.array(routeSchema).transform(routes =>
  routes.map(
    (route, index): RouteConfig => ({
      match: route.match ?? anything,
      when: route.when ?? [],
      receiver: route.receiver ?? route.default ?? nobody,
      continues: route.continue,
      at: [index, route.default === undefined ? 'receiver' : 'default']
    })
  )
)

const to = (receiver: string, at: string, match: Partial<Matchers> = {}, continues = false): RouteConfig => ({
  match: { ...anything, ...match },
  when: [],
  receiver,
  continues,
  at: [at]
})
const pages = (pager: string | undefined): RouteConfig[] =>
  pager === undefined ? [] : [to(pager, 'pager', { severities: ['critical'] }, true)]

const oneChannel = z
  .strictObject({ preset: z.literal('one_channel'), channel: z.string(), pager: z.string().optional() })
  .transform(({ channel, pager }) => [...pages(pager), to(channel, 'channel')])

const threeChannels = z
  .strictObject({
    preset: z.literal('three_channels'),
    critical: z.string(),
    high_and_medium: z.string(),
    low_and_summaries: z.string(),
    pager: z.string().optional()
  })
  .transform(({ critical, high_and_medium, low_and_summaries, pager }) => [
    to(low_and_summaries, 'low_and_summaries', { kinds: [summaryKind] }),
    ...pages(pager),
    to(critical, 'critical', { severities: ['critical'] }),
    to(high_and_medium, 'high_and_medium', { severities: ['medium', 'high'] }),
    to(low_and_summaries, 'low_and_summaries')
  ])

const presetSchema = z.discriminatedUnion('preset', [oneChannel, threeChannels])

/** Routes in order: the first match wins unless it continues; the last one matches everything. Or a preset of them. */
export const routesSchema = z.union([listSchema, presetSchema], { error: 'a list of routes, or a preset' })
