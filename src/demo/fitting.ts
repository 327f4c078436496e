interface Fitting {
  /** Kinds of anomaly that find the incident. */
  readonly finds: readonly string[]
  /** Kinds that it may also cause. */
  readonly mayCause: readonly string[]
  /** Likely causes and kinds that name it right. */
  readonly named: readonly string[]
}

const salesStop: Fitting = {
  finds: ['revenue_drop', 'checkout_failure', 'cart_abandonment_spike'],
  mayCause: [],
  named: [
    'payment_or_checkout',
    'before_payment',
    'checkout_failure',
    'revenue_drop',
    'cart_abandonment_spike'
  ]
}
const flood: Fitting = { finds: ['traffic_spike'], mayCause: [], named: ['bots', 'traffic_spike'] }
const silence: Fitting = {
  finds: ['data_loss', 'traffic_drop', 'revenue_drop'],
  mayCause: ['checkout_failure', 'cart_abandonment_spike', 'pipeline_stalled'],
  named: ['visitors_gone', 'events_missing', 'traffic_drop', 'data_loss']
}
const pricesGone: Fitting = {
  finds: ['data_quality', 'revenue_drop'],
  mayCause: [],
  named: ['revenue_undercounted', 'data_quality']
}
const categoryGone: Fitting = {
  finds: ['category_imbalance', 'revenue_drop'],
  mayCause: ['traffic_drop', 'conversion_drop', 'order_value_shift'],
  named: ['category_imbalance', 'part_gone']
}
const countryGone: Fitting = {
  finds: ['traffic_drop', 'revenue_drop'],
  mayCause: ['data_loss'],
  named: ['traffic_drop', 'visitors_gone']
}
const methodFails: Fitting = {
  finds: ['revenue_drop', 'checkout_failure', 'conversion_drop', 'cart_abandonment_spike'],
  mayCause: [],
  named: ['payment_or_checkout', 'checkout_failure', 'revenue_drop']
}
const schemaChanges: Fitting = {
  finds: ['schema_drift', 'data_quality'],
  mayCause: ['revenue_drop', 'order_value_shift'],
  named: ['schema_drift', 'data_quality', 'revenue_undercounted']
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
  price_bug: {
    finds: ['order_value_shift', 'revenue_drop'],
    mayCause: ['metric_drift'],
    named: ['prices_wrong', 'order_value_shift']
  },
  slow_leak: {
    finds: ['conversion_drop', 'metric_drift', 'revenue_drop'],
    mayCause: ['cart_abandonment_spike'],
    named: ['conversion_drop', 'metric_drift', 'before_payment', 'payment_or_checkout']
  },
  duplicate_flood: {
    finds: ['duplicate_spike'],
    mayCause: ['traffic_spike'],
    named: ['duplicate_spike', 'events_twice']
  },
  schema_change: schemaChanges,
  late_burst: {
    finds: ['late_spike'],
    mayCause: ['traffic_drop', 'revenue_drop', 'data_loss', 'checkout_failure', 'cart_abandonment_spike'],
    named: ['late_spike', 'events_late']
  },
  outage: salesStop,
  collapse: salesStop,
  flood,
  gap: silence,
  price_fault: pricesGone
}

/** Labels of events without anything wrong: they excuse no alarm. */
export const harmlessKinds: ReadonlySet<string> = new Set(['flash_sale'])
