import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import { fallbackCurrency } from '../decode/currency/shop-currency.ts'
import { languages } from '../language/language.ts'
import { logLevels } from '../telemetry/types.ts'
import { alertingSchema } from './alerting.ts'
import { calendarFilesSchema, calendarSchema } from './calendar.ts'
import { changesSchema } from './changes.ts'
import { costsSchema } from './costs.ts'
import { checkCosts } from './costs-metrics.ts'
import { detectorsSchema } from './detectors.ts'
import { environmentLabel, environmentSchema } from './environments.ts'
import { escalationsSchema } from './escalations.ts'
import { eventsSchema } from './events.ts'
import { checkFurtherFields } from './further-fields.ts'
import { httpSchema } from './http.ts'
import { intakeSchema } from './intake.ts'
import { kafkaSchema } from './kafka.ts'
import { metricsSchema } from './metrics.ts'
import { groupsOf, heartbeatsOf, receiversSchema, routable } from './receiver-types/receiver-types.ts'
import { reportsSchema } from './reports.ts'
import { routesSchema } from './routes.ts'
import {
  currency,
  currencyChoice,
  labelsSchema,
  learnedCurrency,
  onOff,
  pipelineName,
  sizeBetween,
  timezone,
  trimmedText
} from './schema-parts.ts'
import { segmentsSection } from './segments.ts'
import { storeSchema } from './store.ts'
import { templatesSchema } from './templates/schema.ts'
import { checkThresholds } from './thresholds.ts'
import { timeIntervalsSchema } from './time-intervals.ts'
import { checkSegments, checkWatched } from './watched-metrics.ts'
import { windowsSchema } from './windows.ts'

const log = z
  .strictObject({
    level: z.enum(logLevels).prefault('info'),
    pretty: z.union([onOff, z.literal('auto')], { error: 'on, off or auto' }).prefault('auto')
  })
  .prefault({})

const readTwice = {
  code: 'custom',
  message: 'a topic that is read once: not one of kafka.topics, and not twice'
} as const

/** A check across sections runs where those sections are right, whatever is wrong in others. */
const sound =
  (...sections: readonly string[]) =>
  ({ issues }: z.core.ParsePayload) =>
    !issues.some(issue => sections.includes(String(issue.path?.[0])))

/** Undefined where it is to be learned. Rates are factors into one that is known. */
const chosenCurrency = (config: {
  readonly currency: string
  readonly rates: object
}): string | undefined => {
  if (config.currency !== learnedCurrency) return config.currency
  return Object.keys(config.rates).length > 0 ? fallbackCurrency : undefined
}

/** The whole of cartwatch.yaml: what a person writes comes in, what the stages take comes out. */
export const configSchema = z
  .strictObject({
    pipeline: pipelineName,
    environment: environmentSchema,
    timezone: timezone.prefault('UTC'),
    currency: currencyChoice.prefault(learnedCurrency),
    rates: z.record(currency, z.number().positive().max(1_000_000)).prefault({}),
    alerts: onOff.prefault('on'),
    language: z.enum(languages).prefault('en'),
    kafka: kafkaSchema,
    dead_letter: z.enum(['topic', 'file', 'count']).prefault('topic'),
    dead_letter_file: trimmedText.prefault('data/dead-letters.ndjson'),
    // A mebibyte to a tebibyte.
    dead_letter_max_size: sizeBetween(2 ** 20, 2 ** 40).prefault('256MiB'),
    events: eventsSchema,
    windows: windowsSchema,
    segments: segmentsSection,
    metrics: metricsSchema,
    store: storeSchema,
    detectors: detectorsSchema,
    calendar: calendarSchema.prefault([]),
    calendar_files: calendarFilesSchema.prefault([]),
    labels: labelsSchema.prefault({}),
    time_intervals: timeIntervalsSchema.prefault({}),
    receivers: receiversSchema.prefault({}),
    routes: routesSchema.prefault([]),
    escalations: escalationsSchema.prefault({}),
    alerting: alertingSchema.prefault({}),
    reports: reportsSchema,
    costs: costsSchema,
    templates: templatesSchema,
    intake: intakeSchema,
    changes: changesSchema,
    http: httpSchema,
    log
  })
  .refine(config => !((chosenCurrency(config) ?? '') in config.rates), {
    path: ['rates'],
    error: 'no rate for the currency itself, which is 1',
    when: sound('currency', 'rates')
  })
  .refine(config => config.store.timeoutMs < config.kafka.sessionTimeoutMs, {
    path: ['store', 'timeout'],
    error: 'less than kafka.session_timeout, or a slow store makes the instance lose its partitions',
    when: sound('store', 'kafka')
  })
  .superRefine(
    ({ kafka, intake, changes }, context) => {
      const taken = new Set(kafka.topics)
      for (const [section, { topics }] of Object.entries({ intake, changes }))
        for (const [index, name] of topics.entries()) {
          if (taken.has(name)) context.addIssue({ ...readTwice, path: [section, 'topics', index] })
          taken.add(name)
        }
    },
    { when: sound('kafka', 'intake', 'changes') }
  )
  .superRefine(
    (config, context) => {
      for (const { path, message } of checkWatched(config)) {
        context.addIssue({ code: 'custom', path: [...path], message })
      }
    },
    { when: sound('metrics', 'detectors') }
  )
  .superRefine(
    (config, context) => {
      for (const { path, message } of checkCosts(config)) {
        context.addIssue({ code: 'custom', path: [...path], message })
      }
    },
    { when: sound('costs', 'metrics', 'segments') }
  )
  .superRefine(
    (config, context) => {
      for (const { path, message } of checkSegments(config)) {
        context.addIssue({ code: 'custom', path: [...path], message })
      }
    },
    { when: sound('metrics', 'segments') }
  )
  .superRefine(
    (config, context) => {
      for (const { path, message } of checkThresholds(config)) {
        context.addIssue({ code: 'custom', path: [...path], message })
      }
    },
    { when: sound('metrics', 'segments', 'windows', 'store', 'detectors') }
  )
  .superRefine(
    (config, context) => {
      for (const { path, message, rule } of checkFurtherFields(config))
        context.addIssue({ code: 'custom', path: [...path], message, params: { sentence: true, rule } })
    },
    { when: sound('events', 'kafka', 'metrics', 'segments') }
  )
  .transform(({ time_intervals, receivers, ...rest }) => ({
    ...camelcaseKeys(rest),
    labels: { ...environmentLabel(rest.environment), ...rest.labels },
    currency: chosenCurrency(rest),
    receivers: routable(receivers),
    groups: groupsOf(receivers),
    heartbeats: heartbeatsOf(receivers),
    /** The texts of the templates; they are read once the configuration is right. */
    templateFiles: new Map<string, string>() as ReadonlyMap<string, string>,
    timeIntervals: new Map(
      [...time_intervals].map(([name, { timezone = rest.timezone, times }]) => [name, { timezone, times }])
    )
  }))
  .prefault({})

/** The configuration as the stages take it: durations in milliseconds, sizes in bytes, shares as fractions. */
export type Config = z.output<typeof configSchema>
