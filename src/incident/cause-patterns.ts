import type { Severity } from '../../detectors/types.ts'
import { english } from '../language/translator.ts'
import type { Sign } from './signs.ts'

/** Alerts that point to a cause when they come together. */
interface Pattern {
  readonly id: string
  /** Each of these kinds has an alert. */
  readonly all: readonly string[]
  /** So has one of these, where there are any. */
  readonly any: readonly string[]
  /** What the findings say must be so. */
  readonly when: readonly Sign[]
  /** Of its text in the catalogues, where patterns of one id say it in different words. */
  readonly says?: string
  /** Kinds whose alerts the cause explains: they make an incident no graver than this. */
  readonly explains?: { readonly kinds: readonly string[]; readonly atMost: Severity }
  /** What is missing was not counted, but it was not lost. */
  readonly losesNothing?: true
  /** Of several alerts at the highest severity the first of these kinds leads: its figures are shown, its routes hold. */
  readonly leads: readonly string[]
}

const drops = [
  'traffic_drop',
  'revenue_drop',
  'checkout_failure',
  'conversion_drop',
  'cart_abandonment_spike'
]

const undercounted = {
  id: 'revenue_undercounted',
  explains: { kinds: ['revenue_drop'], atMost: 'high' },
  losesNothing: true
} as const

export interface CausePattern extends Pattern {
  /** In English. */
  readonly title: string
  readonly text: string
}

/** The keys of a pattern's texts. */
export const keysOf = ({ id, says = 'text' }: Pick<Pattern, 'id' | 'says'>) => ({
  title: `cause.${id}.title`,
  text: `cause.${id}.${says}`
})

/** The first one that fits counts. Where none does, an incident is what its leading alert says. */
const patterns: readonly Pattern[] = [
  {
    id: 'events_missing',
    all: ['data_loss'],
    any: drops,
    when: [],
    leads: ['data_loss']
  },
  {
    id: 'events_late',
    all: ['late_spike'],
    any: ['traffic_drop', 'revenue_drop'],
    when: [],
    explains: { kinds: ['traffic_drop', 'revenue_drop'], atMost: 'high' },
    leads: ['late_spike']
  },
  {
    id: 'events_twice',
    all: ['duplicate_spike'],
    any: ['late_spike'],
    when: [],
    explains: { kinds: ['late_spike'], atMost: 'medium' },
    leads: ['duplicate_spike']
  },
  {
    ...undercounted,
    all: ['revenue_drop'],
    any: ['data_quality', 'schema_drift'],
    when: ['orders_as_usual'],
    leads: ['data_quality', 'schema_drift', 'revenue_drop']
  },
  {
    ...undercounted,
    all: ['revenue_drop'],
    any: [],
    when: ['orders_as_usual', 'prices_missing'],
    leads: ['revenue_drop']
  },
  {
    id: 'prices_wrong',
    all: ['revenue_drop', 'order_value_shift'],
    any: [],
    when: ['orders_as_usual'],
    leads: ['revenue_drop']
  },
  {
    id: 'part_gone',
    all: ['category_imbalance'],
    any: ['revenue_drop', 'conversion_drop'],
    when: [],
    leads: ['category_imbalance']
  },
  {
    id: 'visitors_gone',
    all: ['traffic_drop'],
    any: ['revenue_drop'],
    when: [],
    leads: ['traffic_drop']
  },
  {
    id: 'payment_or_checkout',
    all: ['checkout_failure'],
    any: ['revenue_drop', 'conversion_drop', 'cart_abandonment_spike'],
    when: [],
    leads: ['checkout_failure', 'revenue_drop']
  },
  {
    id: 'payment_or_checkout',
    says: 'text_revenue',
    all: ['revenue_drop'],
    any: ['conversion_drop', 'cart_abandonment_spike'],
    when: [],
    leads: ['revenue_drop', 'conversion_drop']
  },
  {
    id: 'before_payment',
    all: ['conversion_drop', 'cart_abandonment_spike'],
    any: [],
    when: [],
    leads: ['conversion_drop']
  },
  {
    id: 'bots',
    all: ['traffic_spike'],
    any: ['conversion_drop'],
    when: ['orders_do_not_follow'],
    explains: { kinds: ['conversion_drop'], atMost: 'medium' },
    leads: ['traffic_spike']
  }
]

export const causePatterns: readonly CausePattern[] = patterns.map(pattern => ({
  ...pattern,
  // Catalogues are read when somebody asks.
  get title() {
    return english(keysOf(pattern).title)
  },
  get text() {
    return english(keysOf(pattern).text)
  }
}))
