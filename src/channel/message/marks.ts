const byKind: ReadonlyMap<string, string> = new Map([
  ['revenue_drop', '💰'],
  ['traffic_spike', '📈'],
  ['traffic_drop', '📉'],
  ['cart_abandonment_spike', '🛒'],
  ['checkout_failure', '💳'],
  ['conversion_drop', '🔻'],
  ['data_quality', '⚠️'],
  ['data_loss', '🛑'],
  ['category_imbalance', '🗂']
])

/** The mark of a kind before a title. */
export const markOf = (kind: string): string => byKind.get(kind) ?? '🔔'
