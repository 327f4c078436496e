import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { allKinds } from '../../detectors/kind-of.ts'
import { severities } from '../../detectors/types.ts'
import type { Matchers } from '../routing/matchers.ts'
import { anything, namesAny, severitiesOf } from '../routing/matchers.ts'
import { type Route, summaryKind } from '../routing/router.ts'
import { nearest } from './nearest.ts'
import { nobody } from './receiver-types/receiver-types.ts'
import { oneOrMore, orNull, refuseAt, trimmedText } from './schema-parts.ts'

/** `at`: where each of its receivers is named, within `routes`. */
export type RouteConfig = Route & { readonly at: readonly (readonly (string | number)[])[] }

export const matchesAll = ({ match, when }: Pick<Route, 'match' | 'when'>): boolean =>
  isDeepStrictEqual(match, anything) && when.length === 0

/** What a kind may be in a match: those of anomalies, and that of a summary. */
export const routedKinds: readonly string[] = [...allKinds.map(({ kind }) => kind), summaryKind]

/** A receiver or several; none of them twice, and nobody by itself. */
export const receiverNames = z
  .union([z.string(), z.array(z.string()).min(1, 'at least one')])
  .superRefine((names, context) => {
    if (typeof names === 'string') return
    for (const [index, name] of names.entries()) {
      if (name === nobody) refuseAt(context, [index], 'none is no receiver; it stands by itself')
      else if (names.indexOf(name) < index) refuseAt(context, [index], `${name} is there twice`)
    }
  })

/** The names, and the place of each behind that of the list. */
function placed(names: string | readonly string[], at: readonly (string | number)[]) {
  const isOne = typeof names === 'string'
  const receivers = isOne ? [names] : names
  return { receivers, at: receivers.map((_, index) => (isOne ? at : [...at, index])) }
}

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
    receiver: receiverNames.optional(),
    continue: z.boolean().default(false),
    /** The name of a policy in `escalations:`. */
    escalate: trimmedText.optional(),
    /** Short for a last route without a match. */
    default: receiverNames.optional()
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
      continues: route.continue,
      escalate: route.escalate,
      ...placed(route.receiver ?? route.default ?? nobody, [
        index,
        route.default === undefined ? 'receiver' : 'default'
      ])
    })
  )
)

type Names = z.output<typeof receiverNames>

const to = (names: Names, at: string, match: Partial<Matchers> = {}, continues = false): RouteConfig => ({
  match: { ...anything, ...match },
  when: [],
  continues,
  ...placed(names, [at])
})
const pages = (pager: Names | undefined): RouteConfig[] =>
  pager === undefined ? [] : [to(pager, 'pager', { severities: ['critical'] }, true)]

const oneChannel = z
  .strictObject({
    preset: z.literal('one_channel'),
    channel: receiverNames,
    pager: receiverNames.optional()
  })
  .transform(({ channel, pager }) => [...pages(pager), to(channel, 'channel')])

const threeChannels = z
  .strictObject({
    preset: z.literal('three_channels'),
    critical: receiverNames,
    high_and_medium: receiverNames,
    low_and_summaries: receiverNames,
    pager: receiverNames.optional()
  })
  .transform(({ critical, high_and_medium, low_and_summaries, pager }) => [
    to(low_and_summaries, 'low_and_summaries', { kinds: [summaryKind] }),
    ...pages(pager),
    to(critical, 'critical', { severities: ['critical'] }),
    to(high_and_medium, 'high_and_medium', { severities: ['medium', 'high'] }),
    to(low_and_summaries, 'low_and_summaries')
  ])

const bySeverity = z
  .strictObject({
    preset: z.literal('by_severity'),
    critical: receiverNames,
    high: receiverNames,
    medium: receiverNames,
    low: receiverNames
  })
  .transform(({ low, ...others }) => [
    ...worstFirst.map(severity => to(others[severity], severity, { severities: [severity] })),
    to(low, 'low')
  ])

const worstFirst = ['critical', 'high', 'medium'] as const

const presetSchema = z.discriminatedUnion('preset', [oneChannel, threeChannels, bySeverity])

/** Routes in order: the first match wins unless it continues; the last one matches everything. Or a preset of them. */
export const routesSchema = z.union([listSchema, presetSchema], { error: 'a list of routes, or a preset' })
