import { createRequire } from 'node:module'

// The whole library loads a tracing one for the metrics of the process, and takes eight times as long.
const require = createRequire(import.meta.url)
type Library = typeof import('prom-client')

export const Registry = require('prom-client/lib/registry.js') as Library['Registry']
export const Counter = require('prom-client/lib/counter.js') as Library['Counter']
export const Gauge = require('prom-client/lib/gauge.js') as Library['Gauge']
export const Histogram = require('prom-client/lib/histogram.js') as Library['Histogram']

/** Memory, CPU, event-loop delay, garbage collection. */
export async function addProcessMetrics(register: InstanceType<Library['Registry']>): Promise<void> {
  const { collectDefaultMetrics } = await import('prom-client')
  collectDefaultMetrics({ register })
  // Gauges that are named as counters are: promtool finds fault with them, and the same figures have other names.
  for (const name of ['handles', 'requests', 'resources'])
    register.removeSingleMetric(`nodejs_active_${name}_total`)
}
