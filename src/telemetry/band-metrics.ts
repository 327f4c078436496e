import type { Instruments } from './metrics.ts'

/** A metric of the whole shop in a window, with its band, in the metric's unit; null where there is none. */
export interface BandFigures {
  readonly metric: string
  readonly value: number | null
  readonly expected: number | null
  readonly lower: number | null
  readonly upper: number | null
}

/** Every metric is a series each: a configuration may list any number of its own. */
const mostMetrics = 100

const figures = ['value', 'expected', 'lower', 'upper'] as const

export function bandMetrics({ gauge }: Instruments) {
  const ofWindow = 'of the newest closed window, by metric of the whole shop, in its unit'
  const gauges = {
    value: gauge('cartwatch_metric_value', `The value ${ofWindow}`, 'metric'),
    expected: gauge('cartwatch_metric_expected', `What was expected ${ofWindow}`, 'metric'),
    lower: gauge('cartwatch_metric_lower', `Where a finding begins below, ${ofWindow}`, 'metric'),
    upper: gauge('cartwatch_metric_upper', `Where a finding begins above, ${ofWindow}`, 'metric')
  }

  return {
    /** Replaces the figures of all metrics; beyond a bound the first ones count. */
    setBands(rows: readonly BandFigures[]): void {
      for (const name of figures) gauges[name].reset()
      for (const row of rows.slice(0, mostMetrics))
        for (const name of figures) {
          const figure = row[name]
          if (figure !== null) gauges[name].set({ metric: row.metric }, figure)
        }
    }
  }
}
