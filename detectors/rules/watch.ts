import type { MetricValue } from '../../src/metrics/types.ts'
import type { Measured } from './measurement.ts'
import type { ScanOptions } from './window-scan.ts'

/** A number of the measure's unit as the metric's value in a window, where `metric` was measured. */
type Shown = (seen: number, measured: Measured, metric: MetricValue) => number

/** What a kind compares in each window: the scan that it finds a change of a metric by. */
export interface Watch {
  readonly metric: string
  readonly scan: ScanOptions
  readonly shown: Shown
  /** Windows that its own series has learned, where the kind watches several. */
  readonly trainedWindows?: () => number
}

export const watchOf = (metric: string, scan: ScanOptions, shown: Shown = asItIs): Watch => ({
  metric,
  scan,
  shown
})

const asItIs: Shown = seen => seen

/** Of a count among another one, the share. */
export const shareValue: Shown = (seen, { exposure }) => seen / exposure

/** Of what is left of a share, the share. */
export const restValue: Shown = (seen, { exposure }) => 1 - seen / exposure

/** Of some of what the metric counts: its share with as many of the others as there are. */
export const partValue: Shown = (seen, { observed, exposure }, { value }) =>
  (value ?? 0) + (seen - observed) / exposure
