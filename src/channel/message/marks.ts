import type { Severity } from '../../../detectors/types.ts'

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

/** A severity as a person reads it, with when somebody is expected to respond. */
export const severityTexts: Readonly<Record<Severity, string>> = {
  critical: '🔴 critical: respond immediately',
  high: '🟠 high: respond within 15 minutes',
  medium: '🟡 medium: respond within 1 hour',
  low: '🔵 low: respond in business hours'
}
