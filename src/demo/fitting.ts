interface Fitting {
  /** Kinds of anomaly that find the incident. */
  readonly finds: readonly string[]
  /** Kinds that it may honestly cause beside them. */
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

/** What was done to the stream → the kinds of anomaly that fit it. The README shows this table. */
export const fittingKinds: Readonly<Record<string, Fitting>> = {
  payment_outage: salesStop,
  checkout_bug: salesStop,
  bot_flood: flood,
  missing_prices: pricesGone,
  producer_stops: silence,
  outage: salesStop,
  collapse: salesStop,
  flood,
  gap: silence,
  price_fault: { finds: ['revenue_drop', 'data_quality'], mayCause: [] }
}

/** Labels of what was done to the stream without anything being wrong: they excuse no alarm. */
export const harmlessKinds: ReadonlySet<string> = new Set(['flash_sale'])
