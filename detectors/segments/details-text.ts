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

const suspected: Readonly<Record<string, string>> = {
  payment_method: 'Possible failure of this payment method.',
  country: 'Possible outage or block in this country.',
  device: 'Possible fault of the shop on this device.',
  category: 'Possible fault of its pages or its stock.'
}

export function revenueDropText(fall: SegmentDrop, options: SegmentOptions, words: Words): SegmentFinding {
  const { segment, money, expectedMoney, amounts, measured } = fall
  const orders = `${words.count(measured.expected)} → ${words.count(measured.observed)} orders`
  const change = `${orders}, ${words.money(expectedMoney)} → ${words.money(money)}`
  return {
    ...common(fall),
    kind: 'revenue_drop',
    metric: 'revenue',
    severity: severityOf(options.severity, options.raiseLost, fall.lost),
    value: money,
    expected: expectedMoney,
    amounts,
    details: `Orders of ${named(segment)} dropped by ${words.share(dropOf(fall))} against those of the others (${change} in ${words.span(fall.span)}). ${suspicion(fall)}`
  }
}

export function trafficDropText(fall: SegmentDrop, options: SegmentOptions, words: Words): SegmentFinding {
  const { observed, expected } = fall.measured
  const change = `${words.count(expected)} → ${words.count(observed)} events`
  return {
    ...common(fall),
    kind: 'traffic_drop',
    metric: 'events',
    severity: severityOf(options.severity, options.raiseLost, fall.lost),
    value: observed,
    expected,
    amounts: fall.counts,
    details: `Traffic of ${named(fall.segment)} dropped by ${words.share(dropOf(fall))} against that of the others (${change} in ${words.span(fall.span)}). ${suspicion(fall)}`
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
    details: `${isHardlyAny ? 'Hardly an event' : 'Far fewer events'} of ${named(fall.segment)}: ${counts(fall, words)} in ${words.span(fall.span)}. ${suspicion(fall)}`
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
    details: `Events come from other categories than usual: ${more ? 'most of it is more' : 'most of it is less'} of ${named(shift.segment)}, ${counts(shift, words)} in ${words.span(shift.span)}. ${more ? 'Possible promotion, or bots.' : 'Possible fault of its pages or its stock.'}`
  }
}

/** `97% of it is payment_method=paypal.` */
export function explanation([first]: readonly SegmentShare[], words: Words): string {
  return first ? ` ${words.share(first.share)} of it is ${named(first.segment)}.` : ''
}

function common(found: SegmentDrop | Shift) {
  const evidence: Evidence = evidenceOf(found)
  return { segment: found.segment, span: found.span, evidence, explainedBy: [] }
}

function shares({ measured, total }: SegmentDrop | Shift) {
  return { value: measured.observed / total, expected: measured.expected / total }
}

function counts({ measured }: SegmentDrop | Shift, words: Words): string {
  return `${words.count(measured.observed)} where ${words.count(measured.expected)} were expected`
}

const dropOf = ({ measured }: SegmentDrop) => 1 - measured.observed / measured.expected

const suspicion = ({ dimension }: SegmentDrop): string =>
  suspected[dimension] ?? 'Possible fault that only this segment sees.'

function named(segment: string): string {
  const characters = [...segment]
  return characters.length > longestName ? `${characters.slice(0, longestName).join('')}…` : segment
}
