import { shopMeasures } from '../../src/metrics/measures.ts'
import type { WorkOptions } from '../../src/pipeline/work.ts'

/** Windows of a minute as they are configured by default. */
export function workOptions(fields: Partial<WorkOptions> = {}): WorkOptions {
  return {
    sizeMs: 60_000,
    graceMs: 10_000,
    idleMs: 30_000,
    maxAhead: 60,
    giveUpMs: 1_800_000,
    measures: shopMeasures,
    rates: new Map([['EUR', 1]]),
    ...fields
  }
}
