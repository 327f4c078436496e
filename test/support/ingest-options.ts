import type { IngestOptions } from '../../src/ingest/options.ts'
import { createShopMetrics } from '../../src/metrics/create.ts'

/** The metrics of a shop that has no segments. */
export const plainMetrics = createShopMetrics({
  segments: { dimensions: [], combinations: [], top: 50, maxValues: 1_000 },
  metrics: {}
})

/** Windows of a minute as they are configured by default, without segments. */
export function ingestOptions(fields: Partial<IngestOptions> = {}): IngestOptions {
  return {
    sizeMs: 60_000,
    graceMs: 10_000,
    idleMs: 30_000,
    maxAhead: 60,
    skipAfterMs: 1_800_000,
    ...plainMetrics,
    rates: new Map([['EUR', 1]]),
    orderSpanMs: 0,
    ...fields
  }
}
