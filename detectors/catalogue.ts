import type { z } from 'zod'
import type { BaselineOptions } from './baseline/options.ts'
import type { Kind } from './kind.ts'
import { cartAbandonmentSpike } from './kinds/cart-abandonment-spike.ts'
import { categoryImbalance } from './kinds/category-imbalance.ts'
import { checkoutFailure } from './kinds/checkout-failure.ts'
import { conversionDrop } from './kinds/conversion-drop.ts'
import { dataLoss } from './kinds/data-loss.ts'
import { dataQuality } from './kinds/data-quality.ts'
import { duplicateSpike } from './kinds/duplicate-spike.ts'
import { lateSpike } from './kinds/late-spike.ts'
import { metricAnomaly } from './kinds/metric-anomaly.ts'
import { metricChange } from './kinds/metric-change.ts'
import { metricDrift } from './kinds/metric-drift.ts'
import { metricThreshold } from './kinds/metric-threshold.ts'
import { orderValueShift } from './kinds/order-value-shift.ts'
import { pipelineStalled } from './kinds/pipeline-stalled.ts'
import { refundSpike } from './kinds/refund-spike.ts'
import { revenueDrop } from './kinds/revenue-drop.ts'
import { schemaDrift } from './kinds/schema-drift.ts'
import { storeUnavailable } from './kinds/store-unavailable.ts'
import { trafficDrop } from './kinds/traffic-drop.ts'
import { trafficSpike } from './kinds/traffic-spike.ts'
import type { SegmentOptions } from './segments/options.ts'

/** A new kind is a file in kinds/ and a line here. */
export const kinds = [
  revenueDrop,
  trafficSpike,
  trafficDrop,
  categoryImbalance,
  cartAbandonmentSpike,
  checkoutFailure,
  conversionDrop,
  orderValueShift,
  refundSpike,
  dataQuality,
  duplicateSpike,
  lateSpike,
  schemaDrift,
  dataLoss,
  metricChange,
  metricAnomaly,
  metricDrift,
  metricThreshold,
  pipelineStalled,
  storeUnavailable
] as const satisfies readonly Kind[]

type Listed = (typeof kinds)[number]

/** The `detectors:` section behind the border: a kind's options under its name. */
export type DetectorsOptions = { readonly baseline: BaselineOptions; readonly segments: SegmentOptions } & {
  readonly [Each in Listed as Each['kind']]: z.output<Each['options']>
}
