import { type Figure, type Phrase, phrase, type Said } from '../../src/language/phrase.ts'
import type { Unit } from '../../src/metrics/types.ts'
import type { Evidence } from '../types.ts'
import type { LocalDays } from './local-days.ts'
import type { ThresholdRule } from './options.ts'
import type { Judged } from './rule-judge.ts'

interface TextOptions {
  readonly rule: ThresholdRule
  readonly judged: Judged
  readonly unit: Unit
  readonly currency: string
  readonly endMs: number
  readonly windowMs: number
  readonly days: LocalDays
}

interface Against {
  readonly value: number
  readonly threshold: number
}

/** How far beyond the threshold, as a share of it; null of a threshold of 0. */
export const shareBeyond = ({ value, threshold }: Against): number | null =>
  threshold === 0 ? null : Math.abs(value - threshold) / Math.abs(threshold)

/** On which side of a threshold a value is, and how far: `over by $5,234.56 (52.3%)`. */
export const againstThreshold = (unit: Unit, against: Against, currency: string): Phrase =>
  saying(against.value < against.threshold ? 'under_by' : 'over_by', {
    beyond: beyondPhrase(unit, against, currency)
  })

/** `gpu_cost of 2026-03-28 until 14:00 is $15,234.56, over $10,000.00 by $5,234.56 (52.3%).` */
export function saidOf(options: TextOptions): Said {
  const { rule, judged, unit, currency } = options
  const { threshold, direction } = rule
  const { value } = judged
  return [
    saying(direction === 'above' ? 'over' : 'under', {
      what: whatOf(options),
      value: exact(unit, value, currency),
      threshold: exact(unit, threshold, currency),
      beyond: beyondPhrase(unit, { value, threshold }, currency)
    })
  ]
}

const saying = (key: string, values: Phrase['values']): Phrase =>
  phrase(`finding.metric_threshold.${key}`, values)

const exact = (of: Unit, value: number, currency: string): Figure => ({ unit: 'exact', of, value, currency })

function beyondPhrase(unit: Unit, against: Against, currency: string): Phrase | Figure {
  const amount = exact(unit, beyondOf(against), currency)
  const share = shareBeyond(against)
  return share === null ? amount : saying('beyond', { amount, share: exact('share', share, currency) })
}

function whatOf({ rule, judged, endMs, windowMs, days }: TextOptions): Phrase {
  const { segment, fromMs } = judged
  const metric = segment === 'all' ? rule.metric : saying('of_segment', { metric: rule.metric, segment })
  if (rule.over.kind === 'span')
    return saying('in_span', { metric, span: { unit: 'span', value: spanMs(fromMs, endMs, windowMs) } })
  const day = days.dayOf(endMs - windowMs)
  const time = days.dayOf(endMs) === day ? days.timeOf(endMs) : '24:00'
  const until = { metric, date: days.dateOf(day), time }
  return rule.over.days === 1
    ? saying('of_day', until)
    : saying('of_days', { ...until, first: days.dateOf(day - rule.over.days + 1) })
}

const spanMs = (fromMs: number, endMs: number, windowMs: number): number =>
  Math.round((endMs - fromMs) / windowMs) * windowMs

export function evidenceOf({ rule, judged, endMs, windowMs, days }: TextOptions): Evidence {
  const { threshold } = rule
  const against = { value: judged.value, threshold }
  const share = shareBeyond(against)
  return {
    baseline: 'threshold',
    rule: rule.name,
    span_windows: Math.round((endMs - judged.fromMs) / windowMs),
    ...(rule.over.kind === 'days' && {
      date: days.dateOf(days.dayOf(endMs - windowMs)),
      days: rule.over.days
    }),
    threshold,
    direction: rule.direction,
    beyond: places(4, beyondOf(against)),
    beyond_share: share === null ? null : places(6, share)
  }
}

const beyondOf = ({ value, threshold }: Against): number => Math.abs(value - threshold)

const places = (digits: number, number: number): number => Math.round(number * 10 ** digits) / 10 ** digits
