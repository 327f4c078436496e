import { type Calendar, createCalendar, withOff } from '../../../detectors/baseline/calendar.ts'
import { createDetection } from '../../../detectors/detection.ts'
import type { Detection } from '../../../detectors/types.ts'
import { calendarEntries } from '../../config/calendar-entries.ts'
import type { Config } from '../../config/schema.ts'
import type { IsExpected } from '../../decide/expected-spans.ts'
import { createShopCurrency, type ShopCurrency } from '../../decode/currency/shop-currency.ts'
import { createIncidents, type IncidentMemory, type Incidents } from '../../incident/incidents.ts'
import type { IngestOptions } from '../../ingest/options.ts'
import { createShopMetrics } from '../../metrics/create.ts'
import { createEvaluate } from '../../metrics/evaluate.ts'
import type { WindowMetrics } from '../../metrics/types.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { ClosedWindow } from '../../window/types.ts'
import { createDecoders, type Decoders } from './decoders.ts'
import { type DeliveryFacts, noDelivery } from './delivery.ts'
import { incidentsSettingsOf } from './routes.ts'

interface WantedDetection {
  /** Whether a span is left out of training beside those of the calendar. */
  readonly isExpected?: IsExpected
  /** Whether judged windows also say their bands. */
  readonly bands?: boolean
}

/** The stages that the live pipeline, a replay and a backfill have in common, out of the configuration. */
export interface Stages extends Decoders {
  readonly shop: ShopCurrency
  readonly windows: IngestOptions
  readonly evaluate: (window: ClosedWindow) => WindowMetrics
  readonly calendar: Calendar
  readonly newDetection: (wanted?: WantedDetection) => Detection
  readonly newIncidents: (memory: IncidentMemory) => Incidents
}

export function buildStages(
  config: Config,
  log: Logger,
  shop: ShopCurrency = createShopCurrency(config),
  delivery: DeliveryFacts = noDelivery
): Stages {
  const metrics = createShopMetrics(config)
  const calendar = createCalendar(calendarEntries(config))
  const detection = {
    detectors: config.detectors,
    windowMs: config.windows.sizeMs,
    timezone: config.timezone,
    segments: config.segments,
    metrics: metrics.metrics
  }
  return {
    ...createDecoders(config, shop, metrics.extraFields, log),
    shop,
    windows: { ...config.windows, ...metrics, rates: shop.rates, orderSpanMs: config.events.orderSpanMs },
    evaluate: createEvaluate(metrics),
    calendar,
    newDetection: ({ isExpected, bands = false } = {}) =>
      createDetection({
        ...detection,
        bands,
        currency: shop.code(),
        calendar: isExpected ? withOff(calendar, isExpected) : calendar
      }),
    newIncidents: memory =>
      createIncidents({
        pipeline: config.pipeline,
        memory,
        isDelivered: delivery.isDelivered,
        ...incidentsSettingsOf(config, delivery.loadOf)
      })
  }
}
