import type { ShopEvent } from '../../src/decode/types.ts'
import { createEvaluate } from '../../src/metrics/evaluate.ts'
import type { SegmentValue } from '../../src/metrics/types.ts'
import { compile, createPartial } from '../../src/window/accumulate.ts'
import { ingestOptions, plainMetrics } from './ingest-options.ts'

/** The rows of a window's segments, from partitions of these events. */
export function segmentsOf(...partitions: readonly (readonly ShopEvent[])[]): readonly SegmentValue[] {
  const options = ingestOptions()
  const accumulate = compile(options)
  const partials = partitions.map(events => {
    const share = createPartial(0, options)
    for (const one of events) accumulate(share, one, 0)
    return share
  })
  const closed = { start: 0, end: 60_000, complete: true, partials, partitions: partials.map(() => 't/0') }
  return createEvaluate(plainMetrics)(closed).segments
}
