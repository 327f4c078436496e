import type { Anomaly } from '../../../detectors/types.ts'
import type { Translate } from '../../language/translator.ts'
import type { RenderOptions } from '../types.ts'
import type { Fact } from './facts.ts'
import { formatAmount, metricName, metricText } from './format.ts'
import { plain } from './text.ts'

/**
 * Of a finding against a threshold: of a local day its date and what the day has come to, then the threshold, and by how
 * much the value is beyond it, `$5,234.56 (52.3%)`. None of other findings.
 */
export function thresholdFacts(
  anomaly: Pick<Anomaly, 'kind' | 'evidence' | 'metric' | 'unit' | 'value' | 'expected'>,
  renderOptions: Pick<RenderOptions, 'currency' | 'language'>,
  t: Translate
): readonly Fact[] {
  const { kind, evidence, metric, unit, value, expected } = anomaly
  if (kind !== 'metric_threshold') return []
  const { date, days, beyond_share: share } = evidence
  const amountOf = (amount: number) => formatAmount(unit, amount, renderOptions)
  const beyond = amountOf(Math.abs(value - expected))
  const inParts = (of: number) =>
    t('fact.beyond', { amount: beyond, share: { unit: 'exact', of: 'share', value: of, currency: '' } })
  const ofDay: readonly Fact[] =
    typeof date === 'string' && days === 1
      ? [
          { key: 'date', label: t('fact.date'), text: plain(date) },
          { key: 'current', label: t('fact.daily', { metric: metricText(metric, t) }), text: amountOf(value) }
        ]
      : [
          {
            key: 'current',
            label: t('fact.current'),
            text: `${amountOf(value)} (${metricName(metric, renderOptions, t)})`
          }
        ]
  return [
    ...ofDay,
    { key: 'threshold', label: t('fact.threshold'), text: amountOf(expected) },
    {
      key: 'beyond',
      label: t(value < expected ? 'fact.under_by' : 'fact.over_by'),
      text: typeof share === 'number' ? inParts(share) : beyond
    }
  ]
}
