import { type Alerting, type AlertingSettings, type AlertMemory, createAlerting } from '../alert/alerting.ts'
import type { Config } from '../config/schema.ts'
import { createDecode } from '../decode/decode.ts'
import type { Decode } from '../decode/types.ts'
import { createUnknownCurrencyWatch } from '../decode/unknown-currency.ts'
import { createUnknownTypesWatch } from '../decode/unknown-types.ts'
import { createDetection } from '../detect/detection.ts'
import type { Detection } from '../detect/types.ts'
import type { ClosedWindow } from '../merge/types.ts'
import { shopMetrics } from '../metrics/catalogue.ts'
import { createEvaluate } from '../metrics/evaluate.ts'
import { shopMeasures } from '../metrics/measures.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { WorkOptions } from '../pipeline/work.ts'
import type { Logger } from '../telemetry/types.ts'

/** The stages that a live line and a replay have in common, out of the configuration. */
export interface Stages {
  readonly decode: Decode
  readonly windows: WorkOptions
  readonly evaluate: (window: ClosedWindow) => WindowMetrics
  readonly newDetection: () => Detection
  readonly newAlerting: (memory: AlertMemory) => Alerting
}

export function buildStages(config: Config, log: Logger): Stages {
  const rates = new Map([[config.currency, 1], ...Object.entries(config.rates)])
  const detection = {
    detectors: config.detectors,
    windowMs: config.windows.sizeMs,
    timezone: config.timezone,
    currency: config.currency
  }
  return {
    decode: watchStream(
      createDecode({
        currency: config.currency,
        knownCurrencies: new Set(rates.keys()),
        maxBytes: config.events.maxBytes
      }),
      config.currency,
      log
    ),
    windows: { ...config.windows, measures: shopMeasures, rates },
    evaluate: createEvaluate(shopMeasures, shopMetrics),
    newDetection: () => createDetection(detection),
    newAlerting: memory => createAlerting({ pipeline: config.pipeline, memory, ...alertsOf(config) })
  }
}

export const alertsOf = ({ alerting, routes, receivers, alerts }: Config): AlertingSettings => ({
  rules: alerting,
  routes,
  receivers,
  sending: alerts
})

/** Says once where the stream is not the one that the configuration describes: unknown types, or another currency. */
function watchStream(decode: Decode, currency: string, log: Logger): Decode {
  const types = createUnknownTypesWatch()
  const currencyOf = createUnknownCurrencyWatch()
  return function decodeWatched(value) {
    const decoded = decode(value)
    if (!types.isDone) {
      const notice = types.observe(decoded, value)
      if (notice !== undefined)
        log.warn({ ...notice }, 'most records have an unknown event_type: is this the right topic?')
    }
    const found = currencyOf(decoded)
    if (found !== undefined) {
      log.warn(
        { currency: found, configured: currency },
        'purchases are in a currency without a rate, so revenue stays 0: set currency or rates'
      )
    }
    return decoded
  }
}
