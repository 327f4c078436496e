import type { AnomalyRow } from '../../store/types.ts'
import type { Mark } from '../api/series.ts'

/** An anomaly on a chart. */
export const markOf = (row: AnomalyRow): Mark => ({
  id: row.id,
  kind: row.anomaly_type,
  severity: row.severity,
  metric: row.metric,
  segment: row.segment,
  window_start: row.window_start,
  window_end: row.window_end,
  value: row.metric_value,
  expected: row.expected_value,
  details: row.details
})
