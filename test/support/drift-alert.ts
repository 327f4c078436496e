/** An alert of another service, as it sends it. */
export const driftAlert = {
  kind: 'drift',
  model_id: 'ranker-7',
  model_name: 'Ranker',
  metric: 'psi',
  current_value: 0.31,
  baseline_value: 0.1,
  threshold: 0.2,
  drift_percentage: 210,
  severity: 'warning'
} as const
