import { type Phrase, phrase, type Said } from '../../src/language/phrase.ts'
import { spoken } from '../../src/language/translator.ts'
import type { Scale } from '../../src/metrics/types.ts'
import { evidenceOf } from '../detector.ts'
import type { Words } from '../rules/format.ts'
import { severityOf } from '../rules/severity.ts'
import type { Evidence, Finding, SegmentShare, Severity } from '../types.ts'
import type { Shift } from './mix.ts'
import type { SegmentOptions } from './options.ts'
import type { SegmentDrop } from './segment-drops.ts'

/** A finding without its place in time and how it is read, and the span of windows it is of. */
export type SegmentFinding = Omit<Finding, 'windowStart' | 'windowEnd' | keyof Scale> & {
  readonly span: number
}

/** Names come from events, of any length; a sentence holds this much of one. */
const longestName = 80

const suspected: ReadonlySet<string> = new Set(['payment_method', 'country', 'device', 'category'])

export function revenueDropText(fall: SegmentDrop, options: SegmentOptions, words: Words): SegmentFinding {
  const { segment, money, expectedMoney, amounts, measured } = fall
  const { figure } = words
  return {
    ...common(fall),
    kind: 'revenue_drop',
    metric: 'revenue',
    severity: severityOf(options.severity, options.raiseLost, fall.lost),
    value: money,
    expected: expectedMoney,
    amounts,
    ...spoken([
      phrase('finding.segment.orders_dropped', {
        segment: named(segment),
        drop: figure.share(dropOf(fall)),
        expected: figure.count(measured.expected),
        observed: figure.count(measured.observed),
        expected_money: figure.money(expectedMoney),
        money: figure.money(money),
        span: figure.span(fall.span)
      }),
      suspicion(fall)
    ])
  }
}

export function trafficDropText(fall: SegmentDrop, options: SegmentOptions, words: Words): SegmentFinding {
  const { observed, expected } = fall.measured
  const { figure } = words
  return {
    ...common(fall),
    kind: 'traffic_drop',
    metric: 'events',
    severity: severityOf(options.severity, options.raiseLost, fall.lost),
    value: observed,
    expected,
    amounts: fall.counts,
    ...spoken([
      phrase('finding.segment.traffic_dropped', {
        segment: named(fall.segment),
        drop: figure.share(dropOf(fall)),
        expected: figure.count(expected),
        observed: figure.count(observed),
        span: figure.span(fall.span)
      }),
      suspicion(fall)
    ])
  }
}

/** Less of what was expected than this is hardly anything. */
const hardlyAny = 0.05

export interface MixSeverities {
  readonly severity: Severity
  readonly goneSeverity: Severity
}

export function categoryDropText(fall: SegmentDrop, severities: MixSeverities, words: Words): SegmentFinding {
  const isHardlyAny = fall.measured.observed <= hardlyAny * fall.measured.expected
  return {
    ...common(fall),
    ...shares(fall),
    kind: 'category_imbalance',
    metric: 'category_share',
    severity: severities.goneSeverity,
    ...spoken([
      phrase(`finding.segment.${isHardlyAny ? 'hardly_any' : 'far_fewer'}`, counts(fall, words)),
      suspicion(fall)
    ])
  }
}

export function categoryShiftText(shift: Shift, { severity }: MixSeverities, words: Words): SegmentFinding {
  const more = shift.direction === 'rise'
  return {
    ...common(shift),
    ...shares(shift),
    kind: 'category_imbalance',
    metric: 'category_share',
    severity,
    ...spoken([
      phrase(`finding.segment.${more ? 'mix_more' : 'mix_less'}`, counts(shift, words)),
      phrase(`finding.segment.${more ? 'promotion' : 'category'}`)
    ])
  }
}

/** `97% of it is payment_method=paypal.` */
export const explanation = ([first]: readonly SegmentShare[], { figure }: Words): Said =>
  first
    ? [phrase('finding.explained', { share: figure.share(first.share), segment: named(first.segment) })]
    : []

function common(found: SegmentDrop | Shift) {
  const evidence: Evidence = evidenceOf(found)
  return { segment: found.segment, span: found.span, evidence, explainedBy: [] }
}

function shares({ measured, total }: SegmentDrop | Shift) {
  return { value: measured.observed / total, expected: measured.expected / total }
}

const counts = ({ segment, measured, span }: SegmentDrop | Shift, { figure }: Words) => ({
  segment: named(segment),
  observed: figure.count(measured.observed),
  expected: figure.count(measured.expected),
  span: figure.span(span)
})

const dropOf = ({ measured }: SegmentDrop) => 1 - measured.observed / measured.expected

const suspicion = ({ dimension }: SegmentDrop): Phrase =>
  phrase(`finding.segment.${suspected.has(dimension) ? dimension : 'other'}`)

function named(segment: string): string {
  const characters = [...segment]
  return characters.length > longestName ? `${characters.slice(0, longestName).join('')}…` : segment
}
