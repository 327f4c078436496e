import { spoken } from '../src/language/translator.ts'
import { shopMetrics } from '../src/metrics/catalogue.ts'
import { scaleOf } from '../src/metrics/scale.ts'
import type { MetricDefinition, Scale } from '../src/metrics/types.ts'
import type { Found } from './detector.ts'
import { kindOf, saysEventsAreMissing } from './kind-of.ts'
import { amountsOf, createGaps } from './rules/amounts.ts'
import type { Finding } from './types.ts'

export interface KindFound {
  readonly kind: string
  readonly found: Found
}

interface FindingsOptions {
  readonly windowMs: number
  /** Those of every shop where left out. */
  readonly metrics: readonly MetricDefinition[] | undefined
}

/** Makes findings of what detectors found at a close: where and when it is, how it is read, what each window lacks. */
export function createFindings({ windowMs, metrics = shopMetrics }: FindingsOptions) {
  const scales = new Map(metrics.map(metric => [metric.name, scaleOf(metric)]))
  const gaps = createGaps()
  /** Of a metric that nobody defines nothing is known but its numbers. */
  const scaleOfMetric = (metric: string): Scale => scales.get(metric) ?? { unit: 'number', additive: false }

  function findingOf({ kind, found }: KindFound, windowEnd: number): Finding {
    const { span, excludeFromTraining, scale, measure, lasting: _, details = '', said, ...rest } = found
    const isSymptom = kindOf(kind)?.symptomOf === 'missing_events'
    const isLeftOut = (ago: number) => isSymptom && gaps.has(Math.round(windowEnd / windowMs) - 1 - ago)
    const amounts = measure && amountsOf(measure, span, isLeftOut)
    return {
      ...rest,
      ...(said ? spoken(said) : { details }),
      ...(amounts && { amounts }),
      ...scaleOfMetric(found.metric),
      ...scale,
      kind,
      segment: 'all',
      windowStart: windowEnd - span * windowMs,
      windowEnd,
      explainedBy: []
    }
  }

  return {
    scaleOf: scaleOfMetric,
    of(founds: readonly KindFound[], windowEnd: number): Finding[] {
      const newest = Math.round(windowEnd / windowMs) - 1
      for (const { kind, found } of founds) if (saysEventsAreMissing(kind)) gaps.add(newest, found.span)
      return founds.map(found => findingOf(found, windowEnd))
    }
  }
}
