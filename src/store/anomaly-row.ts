import { z } from 'zod'
import { severities } from '../../detectors/types.ts'
import type { AnomalyRow } from './types.ts'

const measured = z.number().or(z.nan()).nullable()

/** A row of `realtime.anomalies`, in the order of its columns. */
export const anomalyRow: z.ZodType<AnomalyRow> = z.object({
  id: z.string(),
  pipeline: z.string(),
  anomaly_type: z.string(),
  severity: z.enum(severities),
  metric: z.string(),
  segment: z.string(),
  metric_value: measured,
  expected_value: measured,
  details: z.string(),
  window_start: z.string(),
  window_end: z.string(),
  detected_at: z.string(),
  explained_by: z.array(z.string()).optional(),
  evidence: z.string(),
  config_hash: z.string()
})
