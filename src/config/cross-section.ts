import { z } from 'zod'
import { renderProblems } from '../channel/check/check.ts'
import { fallbackCurrency } from '../decode/currency/shop-currency.ts'
import { languages } from '../language/language.ts'
import { alertingSchema } from './alerting.ts'
import { costsSchema } from './costs.ts'
import { detectorsSchema } from './detectors.ts'
import { environmentLabel, environmentSchema } from './environments.ts'
import type { CrossIssue } from './errors.ts'
import { escalationsSchema } from './escalations.ts'
import { type Configured, receiverSchema, routable } from './receiver-types/receiver-types.ts'
import { checkRouting, type ReportedTo } from './receivers.ts'
import { insightsReceivers, reportsSchema } from './reports.ts'
import { routesSchema } from './routes.ts'
import { currency, labelsSchema, timezone } from './schema-parts.ts'
import { segmentsSection } from './segments.ts'
import { timeIntervalsSchema } from './time-intervals.ts'

/**
 * Errors of alerting that only show when sections are checked together, and messages that cannot be rendered as
 * configured. What is wrong by itself is left out, so that one error does not hide another.
 */
export function crossSectionIssues(value: Readonly<Record<string, unknown>>): readonly CrossIssue[] {
  const { receivers: written = {} } = value
  if (typeof written !== 'object' || written === null) return []
  const receivers = new Map<string, Configured | undefined>()
  for (const [name, one] of Object.entries(written)) receivers.set(name, receiverSchema.safeParse(one).data)
  const alerting = sound(alertingSchema.prefault({}), value['alerting'])
  return [...routingIssues(value, receivers, alerting), ...renderIssues(value, receivers, alerting)]
}

type Receivers = ReadonlyMap<string, Configured | undefined>
type Alerting = z.output<typeof alertingSchema>

function routingIssues(
  value: Readonly<Record<string, unknown>>,
  receivers: Receivers,
  alerting: Alerting | undefined
): readonly CrossIssue[] {
  const routes = sound(routesSchema.prefault([]), value['routes'])
  const intervals = sound(timeIntervalsSchema.prefault({}), value['time_intervals'])
  const escalations = sound(escalationsSchema.prefault({}), value['escalations'])
  if (routes === undefined || intervals === undefined || escalations === undefined) return []
  const labels = sound(labelsSchema.prefault({}), value['labels'])
  const segments = sound(segmentsSection, value['segments'])
  const labelled = labels && {
    ...environmentLabel(sound(environmentSchema, value['environment'])),
    ...labels
  }
  const rules = sound(detectorsSchema, value['detectors'])?.metric_threshold.rules
  const known = labelled && segments && alerting && rules && { labels: labelled, segments, alerting, rules }
  const reported = reportedOf(sound(reportsSchema, value['reports']), sound(costsSchema, value['costs']))
  return checkRouting({ receivers, routes, intervals, escalations, reported, known })
}

/** Who gets reports, with the places that name them. */
function reportedOf(
  reports: z.output<typeof reportsSchema> | undefined,
  costs: z.output<typeof costsSchema> | undefined
) {
  const all = [
    { at: ['reports', 'daily'], on: reports?.daily, implied: insightsReceivers },
    { at: ['reports', 'digest'], on: reports?.digest, implied: [] },
    { at: ['costs', 'idle'], on: costs?.idle, implied: insightsReceivers },
    { at: ['costs', 'summary'], on: costs?.summary, implied: insightsReceivers }
  ]
  return all.flatMap(({ at, on, implied }): ReportedTo[] => {
    if (on === null || on === undefined) return []
    const { receiver } = on
    if (receiver === undefined) return implied.map(name => ({ name, path: null }))
    const path = [...at, 'receiver']
    return typeof receiver === 'string'
      ? [{ name: receiver, path }]
      : receiver.map((name, index) => ({ name, path: [...path, index] }))
  })
}

function renderIssues(
  value: Readonly<Record<string, unknown>>,
  receivers: Receivers,
  alerting: Alerting | undefined
): readonly CrossIssue[] {
  if (alerting === undefined) return []
  const right = new Map<string, Configured>()
  for (const [name, receiver] of receivers) if (receiver) right.set(name, receiver)
  return renderProblems(routable(right), {
    language: sound(z.enum(languages), value['language']) ?? 'en',
    currency: sound(currency, value['currency']) ?? fallbackCurrency,
    timezone: sound(timezone, value['timezone']) ?? 'UTC',
    dashboardTemplate: alerting.dashboardUrl,
    runbooks: alerting.guides,
    incidentUrl: () => null,
    // With its buttons a message is at its longest.
    interactive: true
  })
}

/** Undefined where it is wrong by itself. */
function sound<T extends z.ZodType>(schema: T, value: unknown): z.output<T> | undefined {
  return schema.safeParse(value).data
}
