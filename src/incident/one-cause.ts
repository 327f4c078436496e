import type { Alert } from './alert.ts'

/**
 * What can have one cause: alerts of these kinds that begin together are one incident, in the whole shop or in segments.
 * All alerts of an incident fit one line; two lines that share a kind are still two causes.
 */
export const oneCause: readonly { readonly cause: string; readonly kinds: readonly string[] }[] = [
  {
    cause: 'Orders cannot be placed',
    kinds: ['revenue_drop', 'checkout_failure', 'conversion_drop', 'cart_abandonment_spike']
  },
  {
    cause: 'Visitors, or a part of the shop, are gone',
    kinds: ['traffic_drop', 'revenue_drop', 'category_imbalance']
  },
  { cause: 'Bots', kinds: ['traffic_spike', 'conversion_drop', 'cart_abandonment_spike'] },
  { cause: 'Prices are missing or cannot be read', kinds: ['data_quality', 'schema_drift', 'revenue_drop'] },
  { cause: 'Prices are wrong', kinds: ['order_value_shift', 'revenue_drop'] },
  { cause: 'Events come twice', kinds: ['duplicate_spike', 'late_spike', 'traffic_spike'] },
  {
    cause: 'Events come late',
    kinds: ['late_spike', 'traffic_drop', 'revenue_drop', 'checkout_failure', 'cart_abandonment_spike']
  },
  {
    cause: 'Events are missing',
    kinds: [
      'data_loss',
      'traffic_drop',
      'revenue_drop',
      'checkout_failure',
      'conversion_drop',
      'cart_abandonment_spike',
      'category_imbalance'
    ]
  }
]

/** Whether alerts of these kinds can have one cause; those of one kind can. */
export function canHaveOneCause(kinds: ReadonlySet<string>): boolean {
  if (kinds.size <= 1) return true
  return oneCause.some(line => [...kinds].every(kind => line.kinds.includes(kind)))
}

export const kindsOf = (alerts: readonly Pick<Alert, 'kind'>[]): Set<string> =>
  new Set(alerts.map(({ kind }) => kind))
