import type { AnomalyRow } from '../../src/store/types.ts'

export const anomalyRowOf = (own: Partial<AnomalyRow>): AnomalyRow => ({
  id: 'a',
  pipeline: 'shop',
  anomaly_type: 'revenue_drop',
  severity: 'high',
  metric: 'revenue',
  segment: 'all',
  metric_value: 245,
  expected_value: 1_850,
  details: 'Revenue dropped.',
  window_start: '2026-11-21T10:00:00.000Z',
  window_end: '2026-11-21T10:01:00.000Z',
  detected_at: '2026-11-21T10:01:10.000Z',
  explained_by: [],
  evidence: '{}',
  config_hash: 'c0ffee',
  ...own
})
