import type { RenderOptions } from '../../channel/types.ts'
import type { Config } from '../../config/schema.ts'
import type { IncidentsSettings } from '../../incident/incidents.ts'
import { createShopMetrics } from '../../metrics/create.ts'
import type { MetricDefinition } from '../../metrics/types.ts'
import type { Routing } from '../../routing/router.ts'
import type { Store } from '../../store/types.ts'
import type { LiveFacts } from './live-facts.ts'
import { type SeriesScale, seriesReader } from './read-series.ts'
import type { TuneTrials } from './tune.ts'

export interface ShopParts {
  /** As it is since the last reload. */
  readonly config: () => Config
  /** As it is known now. */
  readonly currency: () => string
  /** What all messages have in common. */
  readonly renderOptions: () => RenderOptions
  /** By what incidents are opened, notified and routed. */
  readonly incidents: () => IncidentsSettings
  /** Undefined where there is no such receiver. */
  readonly sendTest: (
    receiver: string
  ) => Promise<{ readonly accepted: boolean; readonly answer: string } | undefined>
  /** Where incidents go. */
  readonly routing: () => Routing
  readonly store: Store
  /** Tries thresholds on the past. */
  readonly tune: TuneTrials
  /** What this instance knows of itself now. */
  readonly live: () => LiveFacts
}

/** What the API knows of the shop. */
export interface Shop extends ShopParts {
  readonly scale: SeriesScale
  readonly definitions: readonly MetricDefinition[]
  readonly readSeries: ReturnType<typeof seriesReader>
}

export function createShop(parts: ShopParts): Shop {
  const { config, store, currency } = parts
  // Metrics and windows change only at a restart.
  const { pipeline, windows, ...rest } = config()
  const definitions = createShopMetrics(rest).metrics
  const byName = new Map(definitions.map(metric => [metric.name, metric]))
  const scale = {
    windowMs: windows.sizeMs,
    currency,
    definitionOf: (metric: string) => byName.get(metric)
  }
  return { ...parts, scale, definitions, readSeries: seriesReader(pipeline, store, scale) }
}
