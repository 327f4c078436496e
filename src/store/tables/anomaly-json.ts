import { z } from 'zod'
import { type Anomaly, type Evidence, type SegmentShare, severities } from '../../../detectors/types.ts'
import { units } from '../../metrics/types.ts'
import { guessedScale } from './older-findings.ts'

export const severitySchema = z.enum(severities)

/** JSON has null for a number that is not finite; such a row must not keep an instance from starting. */
export const measuredNumber = z.custom<number>(
  value => value === null || typeof value === 'number',
  'expected a number'
)

export const segmentShares = z.array(
  z.object({ segment: z.string(), share: measuredNumber, value: measuredNumber, expected: measuredNumber })
)

/** By hand: it has many values, and a record of a union takes as long as all else. */
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
  segment: z.string(),
  severity: severitySchema,
  windowStart: z.number(),
  windowEnd: z.number(),
  value: measuredNumber,
  expected: measuredNumber,
  details: z.string(),
  evidence: z.custom<Evidence>(isEvidence, 'expected an object of plain values'),
  explainedBy: segmentShares.optional(),
  detectedAt: z.number(),
  configHash: z.string()
})

/** Earlier versions wrote no segments and no unit. */
export function anomalyOfStored(stored: z.output<typeof storedAnomaly>): Anomaly {
  const explainedBy: readonly SegmentShare[] = stored.explainedBy ?? []
  const guessed = guessedScale(stored.metric)
  const { unit = guessed.unit, additive = guessed.additive } = stored
  return { ...stored, unit, additive, explainedBy }
}
