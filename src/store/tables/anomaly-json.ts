import { z } from 'zod'
import type { Anomaly, Evidence } from '../../../detectors/types.ts'
import {
  measuredNumber,
  saidSchema,
  segmentSchema,
  segmentShares,
  severitySchema
} from '../../incident/json-values.ts'
import { units } from '../../metrics/types.ts'
import { guessedScale } from './older-findings.ts'

/** Checked by hand: it has many values, and zod's record of a union would take as long as all the rest. */
const isEvidence = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every(one => one === null || typeof one !== 'object')

/** An anomaly within the state of an incident or a notification. */
export const storedAnomaly = z.object({
  id: z.string(),
  pipeline: z.string(),
  kind: z.string(),
  metric: z.string(),
  unit: z.enum(units).optional().catch(undefined),
  additive: z.boolean().optional(),
  segment: segmentSchema,
  severity: severitySchema,
  windowStart: z.number(),
  windowEnd: z.number(),
  value: measuredNumber,
  expected: measuredNumber,
  details: z.string(),
  said: saidSchema,
  evidence: z.custom<Evidence>(isEvidence, 'expected an object of plain values'),
  explainedBy: segmentShares.optional(),
  detectedAt: z.number(),
  configHash: z.string()
})

/** Earlier versions wrote no segments and no unit. */
export function anomalyOfStored(stored: z.output<typeof storedAnomaly>): Anomaly {
  const guessed = guessedScale(stored.metric)
  const { unit = guessed.unit, additive = guessed.additive } = stored
  return { ...stored, unit, additive, explainedBy: stored.explainedBy ?? [] }
}

/** A row of `realtime.anomalies` in JSON, times as ISO 8601 UTC strings. What an older view does not show is optional. */
export const anomalyRow = z
  .object({
    id: z.string(),
    pipeline: z.string(),
    anomaly_type: z.string(),
    severity: severitySchema,
    metric: z.string(),
    segment: segmentSchema,
    metric_value: z.number().nullable(),
    expected_value: z.number().nullable(),
    details: z.string(),
    window_start: z.string(),
    window_end: z.string(),
    detected_at: z.string(),
    explained_by: z.array(z.string()).readonly().optional(),
    /** A JSON object. */
    evidence: z.string(),
    config_hash: z.string()
  })
  .readonly()
