import type { Alert } from './alert.ts'

/** What findings say of what they do not themselves judge. */
export type Sign = 'traffic_as_usual' | 'orders_as_usual' | 'prices_missing' | 'orders_do_not_follow'

/** A share of what was expected from which on nothing is missing. */
const usualFrom = 0.8
/** And up to which no more comes than usual. */
const usualTo = 1.25

/** The signs in the newest findings of alerts. A share that no finding gives is no sign. */
export function signsOf(alerts: readonly Alert[]): ReadonlySet<Sign> {
  const signs = new Set<Sign>()
  for (const { kind, lastAnomaly } of alerts) {
    const { evidence } = lastAnomaly
    if (kind === 'revenue_drop') {
      if (isBetween(evidence['events_share'], usualFrom, usualTo)) signs.add('traffic_as_usual')
      if (isBetween(evidence['orders_share'], usualFrom, Number.POSITIVE_INFINITY))
        signs.add('orders_as_usual')
      if (typeof evidence['price_fault'] === 'string') signs.add('prices_missing')
    }
    if (kind === 'traffic_spike' && evidence['orders_follow'] === false) signs.add('orders_do_not_follow')
  }
  return signs
}

const isBetween = (share: unknown, from: number, to: number): boolean =>
  typeof share === 'number' && share >= from && share <= to
