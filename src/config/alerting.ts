import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import { allKinds } from '../../detectors/kind-of.ts'
import { duration } from '../../detectors/rules/units.ts'
import { unknownPlaceholders } from '../channel/message/placeholders.ts'
import { dashboardPlaceholders } from '../channel/types.ts'
import type { Labels } from '../routing/matchers.ts'
import { rateSchema } from './receiver-types/parts.ts'
import { durationBetween, labelsSchema, onOff, orNull, orOff, trimmedText } from './schema-parts.ts'

/** A text with placeholders in braces that messages fill in. */
const template = (base: z.ZodString) =>
  base.superRefine((written, context) => {
    for (const name of unknownPlaceholders(written)) {
      const known = dashboardPlaceholders.map(placeholder => `{${placeholder}}`).join(' ')
      context.addIssue({
        code: 'custom',
        message: `{${name}} is not a known placeholder; expected one of ${known}`
      })
    }
  })

const urlTemplate = template(z.string().regex(/^https?:\/\/\S+$/, 'a URL beginning with https:// or http://'))

const ofKind = z.strictObject({
  runbook_url: orNull(urlTemplate),
  /** What to look at first, instead of the words that come with the kind. */
  check_first: orNull(template(trimmedText)),
  labels: labelsSchema.optional()
})

export const alertingSchema = z
  .strictObject({
    repeat_after: duration.prefault('15m'),
    /** Between reminders of what lasts and nobody has acknowledged. */
    repeat: orOff(durationBetween('1m', '30d'), 'a duration from 1m to 30d, or off').prefault('4h'),
    /** Judged windows in a row without the condition that end an incident. */
    resolve_after: z.int().min(1).max(1440).default(5),
    /** So many openings within so many windows are one flapping condition. */
    flapping: orOff(
      z.strictObject({
        openings: z.int().min(2).max(100).default(3),
        within: z.int().min(2).max(10_080).default(60)
      }),
      'openings and within, or off'
    ).prefault({}),
    /** An incident that another one inhibits is not sent to receivers that were notified of that one. */
    explain: onOff.prefault('on'),
    /** What is critical also goes to the environment's receivers of its kind; only where these are routed to by default. */
    copy_critical: onOff.prefault('off'),
    /** Alerts that can have one cause and begin so close together are one incident. */
    group: orOff(durationBetween('1m', '24h'), 'a duration from 1m to 24h, or off').prefault('15m'),
    catch_up_after: duration.prefault('15m'),
    dashboard_url: orNull(urlTemplate),
    timeout: duration.prefault('10s'),
    /** Messages to one webhook. */
    rate: rateSchema.prefault({}),
    /** Messages of one kind and segment in a minute, to all receivers together; critical ones pass. */
    rate_per_key: z.int().min(1).max(10_000).default(10),
    /** A receiver that failed so often in a row is left alone for a while. */
    breaker: z
      .strictObject({
        failures: z.int().min(1).max(1_000).default(5),
        pause: durationBetween('1s', '1h').prefault('60s')
      })
      .prefault({}),
    retry_every: duration.prefault('1m'),
    expire_after: duration.prefault('24h'),
    kinds: z.partialRecord(z.enum(allKinds.map(({ kind }) => kind)), ofKind).prefault({})
  })
  .transform(({ kinds: ofKinds, flapping, breaker, ...alerting }) => ({
    repeatAfterMs: alerting.repeat_after,
    remindAfterMs: alerting.repeat,
    resolveAfter: alerting.resolve_after,
    flapping: flapping && { openings: flapping.openings, withinWindows: flapping.within },
    inhibit: alerting.explain,
    groupWithinMs: alerting.group,
    catchUpAfterMs: alerting.catch_up_after,
    dashboardUrl: alerting.dashboard_url,
    timeoutMs: alerting.timeout,
    rate: alerting.rate,
    ratePerKey: alerting.rate_per_key,
    breaker: { failures: breaker.failures, pauseMs: breaker.pause },
    retryEveryMs: alerting.retry_every,
    expireAfterMs: alerting.expire_after,
    guides: new Map(listed(ofKinds).map(([kind, { labels: _, ...guide }]) => [kind, camelcaseKeys(guide)])),
    labelsOfKinds: new Map(
      listed(ofKinds).map(([kind, { labels }]): [string, Labels] => [kind, labels ?? {}])
    )
  }))

/** The kinds that are there, with what is said of each. */
const listed = (ofKinds: Readonly<Partial<Record<string, z.output<typeof ofKind>>>>) =>
  Object.entries(ofKinds).flatMap(([kind, own]) => (own === undefined ? [] : [[kind, own] as const]))
