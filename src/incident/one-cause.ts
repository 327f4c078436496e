import { kindOf } from '../../detectors/kind-of.ts'
import type { Alert } from './alert.ts'

/** One cause, and the kinds of alert that it shows itself by. */
interface OneCause {
  readonly cause: string
  /** An incident of this cause has an alert of one of these kinds. */
  readonly signs: readonly string[]
  /** What may come with it: in the whole shop, or in the segment of the sign. */
  readonly symptoms: readonly string[]
}

/**
 * What can have one cause: alerts that fit one line and begin together are one incident. Two lines that share a symptom
 * are still two causes.
 */
export const oneCause: readonly OneCause[] = [
  {
    cause: 'Orders cannot be placed',
    signs: ['revenue_drop', 'checkout_failure', 'conversion_drop', 'cart_abandonment_spike'],
    symptoms: []
  },
  { cause: 'Visitors are gone', signs: ['traffic_drop'], symptoms: ['revenue_drop'] },
  {
    cause: 'A part of the shop is gone',
    signs: ['category_imbalance'],
    symptoms: ['revenue_drop', 'conversion_drop']
  },
  { cause: 'Bots', signs: ['traffic_spike'], symptoms: ['conversion_drop'] },
  {
    cause: 'Prices are missing or cannot be read',
    signs: ['data_quality', 'schema_drift'],
    symptoms: ['revenue_drop']
  },
  { cause: 'Prices are wrong', signs: ['order_value_shift'], symptoms: ['revenue_drop'] },
  { cause: 'Events come twice', signs: ['duplicate_spike'], symptoms: ['late_spike'] },
  { cause: 'Events come late', signs: ['late_spike'], symptoms: ['traffic_drop', 'revenue_drop'] },
  {
    cause: 'Events are missing',
    signs: ['data_loss'],
    symptoms: [
      'traffic_drop',
      'revenue_drop',
      'checkout_failure',
      'conversion_drop',
      'cart_abandonment_spike',
      'category_imbalance'
    ]
  }
]

type Placed = Pick<Alert, 'kind' | 'segment'>

/** Whether these alerts can have one cause. */
export function canHaveOneCause(alerts: readonly Placed[]): boolean {
  if (kindsOf(alerts).size > 1) return oneCause.some(line => fits(line, alerts))
  const rules = new Set(alerts.map(({ segment }) => segment.split(' × ')[0]))
  return rules.size <= 1 || !alerts.some(({ kind }) => kindOf(kind)?.separatesRules)
}

function fits({ signs, symptoms }: OneCause, alerts: readonly Placed[]): boolean {
  const shown = alerts.filter(({ kind }) => signs.includes(kind))
  const others = alerts.filter(({ kind }) => !signs.includes(kind))
  return (
    shown.every((one, at) => shown.slice(0, at).every(other => isNear(one, other))) &&
    others.every(
      ({ kind, segment }) => symptoms.includes(kind) && shown.some(sign => covers(sign.segment, segment))
    )
  )
}

/** Alerts of one kind in several segments may be cuts through one fault; those of other kinds are in one, or in all. */
const isNear = (a: Placed, b: Placed): boolean =>
  a.kind === b.kind || a.segment === b.segment || a.segment === 'all' || b.segment === 'all'

/** A segment is found against the others, so what holds for the whole shop does not explain it. */
const covers = (sign: Alert['segment'], symptom: Alert['segment']): boolean =>
  symptom === 'all' || symptom === sign

export const kindsOf = (alerts: readonly Pick<Alert, 'kind'>[]): Set<string> =>
  new Set(alerts.map(({ kind }) => kind))
