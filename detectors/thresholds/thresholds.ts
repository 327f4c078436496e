import { inEnglish } from '../../src/language/translator.ts'
import { scaleOf } from '../../src/metrics/scale.ts'
import type { MetricDefinition, WindowMetrics } from '../../src/metrics/types.ts'
import type { Segment } from '../../src/window/segment.ts'
import type { Calendar } from '../baseline/calendar.ts'
import { severityOf } from '../rules/severity.ts'
import type { Finding, Verdict } from '../types.ts'
import { evidenceOf, saidOf, shareBeyond } from './details-text.ts'
import { createLocalDays } from './local-days.ts'
import { dimensionOf, type ThresholdRule } from './options.ts'
import { createRuleJudge, type Judged } from './rule-judge.ts'

const kind = 'metric_threshold'

export interface ThresholdsOptions {
  readonly rules: readonly ThresholdRule[]
  readonly windowMs: number
  readonly timezone: string
  readonly metrics: readonly MetricDefinition[]
  /** ISO 4217, for texts. */
  readonly currency: string
  readonly calendar: Calendar | undefined
}

/** What the rules find at a close. They learn no baseline, so a window counts from the first one on. */
export type Thresholds = (
  window: WindowMetrics
) => Pick<Verdict, 'findings' | 'judged'> & Required<Pick<Verdict, 'standing'>>

/** Undefined without rules. */
export function createThresholds(options: ThresholdsOptions): Thresholds | undefined {
  const { rules, windowMs, timezone, metrics, currency, calendar } = options
  if (rules.length === 0) return undefined
  const days = createLocalDays(timezone)
  const followed = rules.map(rule => {
    const definition = metrics.find(({ name }) => name === rule.metric)
    return { rule, definition, judge: createRuleJudge({ rule, definition, windowMs, days }) }
  })

  function findingOf(
    { rule, definition }: (typeof followed)[number],
    judged: Judged,
    endMs: number
  ): Finding {
    const { unit } = definition ? scaleOf(definition) : { unit: 'number' as const }
    const text = { rule, judged, unit, endMs, windowMs, days, currency }
    const said = saidOf(text)
    return {
      kind,
      metric: rule.metric,
      segment: placeOf(rule, judged),
      severity: severityOf(rule.severity, rule.raiseBy, shareBeyond({ ...rule, value: judged.value }) ?? 0),
      windowStart: judged.fromMs,
      windowEnd: endMs,
      value: judged.value,
      expected: rule.threshold,
      unit,
      // A sum of sums over one span is no loss.
      additive: false,
      details: inEnglish(said),
      said,
      evidence: evidenceOf(text),
      explainedBy: []
    }
  }

  return function judgeThresholds(window) {
    const { start, end } = window
    const all = followed.flatMap(one => one.judge(window).map(judged => ({ one, judged })))
    const isHeard = calendar?.mutes(kind, start, end) === undefined
    return {
      findings: isHeard
        ? all
            .filter(({ judged }) => judged.state === 'found')
            .map(({ one, judged }) => findingOf(one, judged, end))
        : [],
      judged: isHeard ? [kind] : [],
      standing: all.flatMap(({ one: { rule }, judged }) =>
        judged.state === 'found' ? [] : [{ kind, segment: placeOf(rule, judged), state: judged.state }]
      )
    }
  }
}

/** A rule's alerts have a segment of its own, so that those of two rules are two. */
const placeOf = ({ name }: ThresholdRule, { segment }: Judged): Segment =>
  segment === 'all' ? `rule=${name}` : `rule=${name} × ${segment}`

/** Metrics whose segments the rules look at. */
export const segmentMetricsOf = (rules: readonly ThresholdRule[]): readonly string[] => [
  ...new Set(rules.flatMap(rule => (dimensionOf(rule) === undefined ? [] : [rule.metric])))
]
