import type { Config } from '../../config/schema.ts'
import { createShopMetrics } from '../../metrics/create.ts'
import type { MetricDefinition } from '../../metrics/types.ts'
import type { Routing } from '../../routing/router.ts'
import type { Store } from '../../store/types.ts'
import { seriesReader } from './read-series.ts'

export interface ShopParts {
  /** As it is since the last reload. */
  readonly config: () => Config
  /** As it is known now. */
  readonly currency: () => string
  /** Where incidents go. */
  readonly routing: () => Routing
  readonly store: Store
}

/** What the API knows of the shop. */
export interface Shop extends ShopParts {
  readonly windowMs: () => number
  readonly definitions: () => readonly MetricDefinition[]
  readonly definitionOf: (metric: string) => MetricDefinition | undefined
  readonly readSeries: ReturnType<typeof seriesReader>
}

export function createShop(parts: ShopParts): Shop {
  const { config, store, currency } = parts
  // Metrics and windows change only at a restart.
  const { pipeline, windows, ...rest } = config()
  const definitions = createShopMetrics(rest).metrics
  const byName = new Map(definitions.map(metric => [metric.name, metric]))
  const definitionOf = (metric: string) => byName.get(metric)
  const windowMs = windows.sizeMs
  return {
    ...parts,
    windowMs: () => windowMs,
    definitions: () => definitions,
    definitionOf,
    readSeries: seriesReader({ pipeline, store, windowMs, currency, definitionOf })
  }
}
