import { z } from 'zod'
import { kinds } from '../../detectors/catalogue.ts'
import { duration } from '../../detectors/units.ts'
import { dashboardPlaceholders, type PagerDutySettings, type SlackWebhookSettings } from '../channel/types.ts'
import { severities } from '../detect/types.ts'

const httpUrl = z.url({ protocol: /^https?$/, error: 'a URL beginning with https:// or http://' })

const slackSchema = z
  .strictObject({
    type: z.literal('slack'),
    webhook_url: httpUrl,
    /** A green message when an incident is over. */
    send_resolved: z.boolean().default(false)
  })
  .transform(
    ({ type, webhook_url, send_resolved }): SlackWebhookSettings => ({
      type,
      webhookUrl: webhook_url,
      channel: null,
      username: null,
      icon: null,
      sendResolved: send_resolved,
      fallback: null
    })
  )

const pagerdutySchema = z
  .strictObject({
    type: z.literal('pagerduty'),
    integration_key: z.string().regex(/^[A-Za-z0-9]{32}$/, 'an Events API v2 integration key, 32 characters'),
    url: httpUrl.default('https://events.pagerduty.com/v2/enqueue')
  })
  .transform(
    ({ type, integration_key, url }): PagerDutySettings => ({
      type,
      integrationKey: integration_key,
      url,
      sendResolved: true,
      fallback: null
    })
  )

export type Receiver = z.output<typeof slackSchema> | z.output<typeof pagerdutySchema>

/** The receiver of a default route that tells nobody. */
export const nobody = 'none'

const receiverName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'a name of letters, digits, dots, dashes and underscores')
  .refine(name => name !== nobody, 'another name: none stands for no receiver')

/** Receivers by name. */
export const receiversSchema = z
  .record(receiverName, z.discriminatedUnion('type', [slackSchema, pagerdutySchema]))
  .transform(receivers => new Map<string, Receiver>(Object.entries(receivers)))

const oneOrMore = <T extends z.ZodType>(one: T) =>
  z
    .union([one, z.array(one).min(1, 'at least one')])
    .transform(value => (Array.isArray(value) ? value : [value]))

/** A misspelled kind would match nothing, and its alerts go elsewhere. */
const kindName = z.enum(kinds.map(({ kind }) => kind))

const matchSchema = z.strictObject({
  kind: oneOrMore(kindName).optional(),
  severity: oneOrMore(z.enum(severities)).optional(),
  segment: z.string().min(1).optional()
})

const routeSchema = z
  .strictObject({
    match: matchSchema.optional(),
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
    } else if (route.default !== undefined && (route.match || route.continue)) {
      context.addIssue({
        code: 'custom',
        path: ['default'],
        message: 'a default route matches all and ends there'
      })
    }
  })
  .transform(({ match, receiver, default: fallback, continue: continues }) => ({
    match: {
      kinds: match?.kind ?? null,
      severities: match?.severity ?? null,
      segments: match?.segment === undefined ? null : [match.segment],
      pipelines: null,
      labels: {}
    },
    when: [] as string[],
    receiver: receiver ?? fallback ?? '',
    continues
  }))

export type RouteConfig = z.output<typeof routeSchema>

/** Routes in order: the first match wins unless it continues; the last one matches everything. */
export const routesSchema = z.array(routeSchema)

const positive = z.number().positive()

export const alertingSchema = z
  .strictObject({
    repeat_after: duration.prefault('15m'),
    /** Judged windows in a row without the condition that end an incident. */
    resolve_after: z.int().min(1).max(1440).default(5),
    catch_up_after: duration.prefault('15m'),
    dashboard_url: z
      .string()
      .regex(/^https?:\/\/\S+$/, 'a URL beginning with https:// or http://')
      .superRefine((template, context) => {
        for (const name of unknownPlaceholders(template)) {
          const known = dashboardPlaceholders.map(placeholder => `{${placeholder}}`).join(' ')
          context.addIssue({ code: 'custom', message: `{${name}} is not known here; there are ${known}` })
        }
      })
      .optional(),
    timeout: duration.prefault('10s'),
    /** Messages to one webhook. */
    rate: z
      .strictObject({ per_second: positive.max(1000).default(1), burst: z.int().min(1).max(1000).default(5) })
      .prefault({}),
    retry_every: duration.prefault('1m'),
    expire_after: duration.prefault('24h')
  })
  .transform(alerting => ({
    repeatAfterMs: alerting.repeat_after,
    resolveAfter: alerting.resolve_after,
    catchUpAfterMs: alerting.catch_up_after,
    dashboardUrl: alerting.dashboard_url ?? null,
    timeoutMs: alerting.timeout,
    rate: { perSecond: alerting.rate.per_second, burst: alerting.rate.burst },
    retryEveryMs: alerting.retry_every,
    expireAfterMs: alerting.expire_after
  }))

export type AlertingConfig = z.output<typeof alertingSchema>

function unknownPlaceholders(template: string): string[] {
  const known: ReadonlySet<string> = new Set(dashboardPlaceholders)
  return [...template.matchAll(/\{([^{}]*)\}/g)].map(match => match[1] ?? '').filter(name => !known.has(name))
}
