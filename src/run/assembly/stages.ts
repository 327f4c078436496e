import { type Calendar, createCalendar } from '../../../detectors/baseline/calendar.ts'
import { createDetection } from '../../../detectors/detection.ts'
import type { Detection } from '../../../detectors/types.ts'
import { calendarEntries } from '../../config/calendar-entries.ts'
import { resolveLayout } from '../../config/events.ts'
import type { RouteConfig } from '../../config/routes.ts'
import type { Config } from '../../config/schema.ts'
import { createDecode } from '../../decode/decode.ts'
import type { Layout } from '../../decode/layout.ts'
import type { Decode } from '../../decode/types.ts'
import { createUnknownCurrencyWatch } from '../../decode/unknown-currency.ts'
import { createUnknownTypesWatch } from '../../decode/unknown-types.ts'
import {
  createIncidents,
  type IncidentMemory,
  type Incidents,
  type IncidentsSettings
} from '../../incident/incidents.ts'
import type { IngestOptions } from '../../ingest/options.ts'
import { createShopMetrics } from '../../metrics/create.ts'
import { createEvaluate } from '../../metrics/evaluate.ts'
import type { WindowMetrics } from '../../metrics/types.ts'
import type { Routing } from '../../routing/router.ts'
import { createRouting, type RoutingContext } from '../../routing/router.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { ClosedWindow } from '../../window/types.ts'

/** The stages that a live line and a replay have in common, out of the configuration. */
export interface Stages {
  /** Of a file. */
  readonly decode: Decode
  /** Of a topic, the same one each time: it learns how the topic's records are written. */
  readonly decodeOf: (topic: string) => Decode
  readonly windows: IngestOptions
  readonly evaluate: (window: ClosedWindow) => WindowMetrics
  readonly calendar: Calendar
  readonly newDetection: () => Detection
  readonly newIncidents: (memory: IncidentMemory) => Incidents
}

export function buildStages(config: Config, log: Logger): Stages {
  const rates = new Map([[config.currency, 1], ...Object.entries(config.rates)])
  const metrics = createShopMetrics(config)
  const calendar = createCalendar(calendarEntries(config))
  const detection = {
    detectors: config.detectors,
    windowMs: config.windows.sizeMs,
    timezone: config.timezone,
    currency: config.currency,
    calendar,
    segments: config.segments,
    metrics: metrics.metrics
  }
  const decoders = new Map<string, Decode>()
  /** `stream` names it in the log. */
  const newDecode = (layout: Layout, stream: { readonly topic?: string }): Decode =>
    watchStream(
      createDecode({
        currency: config.currency,
        knownCurrencies: new Set(rates.keys()),
        maxBytes: config.events.maxBytes,
        layout,
        extraFields: metrics.extraFields
      }),
      { ...stream, currency: config.currency },
      log
    )
  return {
    decode: newDecode(config.events.layout, {}),
    decodeOf: topic => {
      const known = decoders.get(topic)
      if (known !== undefined) return known
      const layout = resolveLayout(config.kafka.layouts.get(topic) ?? {}, config.events.layout)
      const decode = newDecode(layout, { topic })
      decoders.set(topic, decode)
      return decode
    },
    windows: { ...config.windows, ...metrics, rates },
    evaluate: createEvaluate(metrics),
    calendar,
    newDetection: () => createDetection(detection),
    newIncidents: memory => createIncidents({ pipeline: config.pipeline, memory, ...alertsOf(config) })
  }
}

export const alertsOf = (config: Config): IncidentsSettings => ({
  rules: config.alerting,
  routes: config.routes,
  receivers: config.receivers,
  context: routingContextOf(config),
  sending: config.alerts
})

const routingContextOf = ({ pipeline, labels, alerting, timeIntervals }: Config): RoutingContext => ({
  pipeline,
  labels,
  labelsOfKinds: alerting.labelsOfKinds,
  intervals: timeIntervals
})

export const configuredRoutesOf = (config: Config): ConfiguredRoutes => ({
  routes: config.routes,
  routingOf: (pipeline = config.pipeline) =>
    createRouting(config.routes, config.receivers, { ...routingContextOf(config), pipeline })
})

/** Says once where the stream is not the one that the configuration describes: unknown types, or another currency. */
function watchStream(
  decode: Decode,
  { currency, ...stream }: { readonly topic?: string; readonly currency: string },
  log: Logger
): Decode {
  const types = createUnknownTypesWatch()
  const currencyOf = createUnknownCurrencyWatch()
  return function decodeWatched(value) {
    const decoded = decode(value)
    if (!types.isDone) {
      const notice = types.observe(decoded, value)
      if (notice !== undefined)
        log.warn(
          { ...stream, ...notice },
          'most records have an unknown event_type: is this the right topic? (cartwatch inspect shows what is in it)'
        )
    }
    const found = currencyOf(decoded)
    if (found !== undefined) {
      log.warn(
        { ...stream, currency: found, configured: currency },
        'purchases are in a currency without a rate, so revenue stays 0: set currency or rates'
      )
    }
    return decoded
  }
}

/** The routes of a configuration, and where they lead for a pipeline: the configured one where none is named. */
export interface ConfiguredRoutes {
  readonly routes: readonly RouteConfig[]
  readonly routingOf: (pipeline?: string) => Routing
}
