interface Fitting {
  /** Kinds of anomaly that find the incident. */
  readonly finds: readonly string[]
  /** Kinds that it may also cause. */
  readonly mayCause: readonly string[]
}

const salesStop: Fitting = {
  finds: ['revenue_drop', 'checkout_failure', 'cart_abandonment_spike'],
  mayCause: []
}
const flood: Fitting = { finds: ['traffic_spike'], mayCause: [] }
const silence: Fitting = {
  finds: ['data_loss', 'traffic_drop', 'revenue_drop'],
  mayCause: ['checkout_failure', 'cart_abandonment_spike', 'pipeline_stalled']
}
const pricesGone: Fitting = { finds: ['data_quality', 'revenue_drop'], mayCause: [] }
const categoryGone: Fitting = {
  finds: ['category_imbalance', 'revenue_drop'],
  mayCause: ['traffic_drop', 'conversion_drop', 'order_value_shift']
}
const countryGone: Fitting = { finds: ['traffic_drop', 'revenue_drop'], mayCause: ['data_loss'] }
const methodFails: Fitting = {
  finds: ['revenue_drop', 'checkout_failure', 'conversion_drop', 'cart_abandonment_spike'],
  mayCause: []
}
const schemaChanges: Fitting = {
  finds: ['schema_drift', 'data_quality'],
  mayCause: ['revenue_drop', 'order_value_shift']
}

/** Kind of incident → kinds of anomaly that fit it. */
export const fittingKinds: Readonly<Record<string, Fitting>> = {
  payment_outage: salesStop,
  checkout_bug: salesStop,
  bot_flood: flood,
  missing_prices: pricesGone,
  producer_stops: silence,
  category_outage: categoryGone,
  country_outage: countryGone,
  method_outage: methodFails,
  price_bug: { finds: ['order_value_shift', 'revenue_drop'], mayCause: ['metric_drift'] },
  slow_leak: {
    finds: ['conversion_drop', 'metric_drift', 'revenue_drop'],
    mayCause: ['cart_abandonment_spike']
  },
  duplicate_flood: { finds: ['duplicate_spike'], mayCause: ['traffic_spike'] },
  schema_change: schemaChanges,
  late_burst: {
    finds: ['late_spike'],
    mayCause: ['traffic_drop', 'revenue_drop', 'data_loss', 'checkout_failure', 'cart_abandonment_spike']
  },
  outage: salesStop,
  collapse: salesStop,
  flood,
  gap: silence,
  price_fault: { finds: ['revenue_drop', 'data_quality'], mayCause: [] }
}

/** Labels of events without anything wrong: they excuse no alarm. */
export const harmlessKinds: ReadonlySet<string> = new Set(['flash_sale'])
