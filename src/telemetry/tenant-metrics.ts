import {
  AggregatorRegistry,
  Counter,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry
} from 'prom-client'

/** The metrics of one process, each with the label `tenant`. */
export type MetricsJson = readonly MetricObjectWithValues<MetricValue<string>>[]

/** What is measured of the tenants' processes from outside, joined with what each measures of itself. */
export function createTenantMetrics() {
  const registry = new Registry()
  const options = { labelNames: ['tenant'] as const, registers: [registry] }
  const up = new Gauge({
    name: 'cartwatch_tenant_up',
    help: 'Whether the process of a tenant runs and answers',
    ...options
  })
  const starts = new Counter({
    name: 'cartwatch_tenant_restarts_total',
    help: 'How often the process of a tenant ended by itself and was started again',
    ...options
  })
  return {
    contentType: registry.contentType as string,
    addRestart: (tenant: string) => starts.inc({ tenant }),
    /** The page of all, by tenant; null of one that does not answer. */
    async render(tenants: ReadonlyMap<string, MetricsJson | null>): Promise<string> {
      up.reset()
      for (const [tenant, metrics] of tenants) {
        up.set({ tenant }, metrics === null ? 0 : 1)
        starts.inc({ tenant }, 0)
      }
      const all = [await registry.getMetricsAsJSON(), ...[...tenants.values()].filter(one => one !== null)]
      // Each value has its tenant for a label: nothing is added up, whatever the metric would add up of one cluster.
      const apart = all.map(metrics => metrics.map(metric => ({ ...metric, aggregator: 'sum' })))
      return AggregatorRegistry.aggregate(apart).metrics()
    }
  }
}

export type TenantMetrics = ReturnType<typeof createTenantMetrics>
