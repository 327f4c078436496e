import { v5 as nameBasedUuid } from 'uuid'
import type { Anomaly, Finding } from '../../detectors/types.ts'

/** Never changes: an anomaly that is detected again must get the same id. */
const namespace = '6f0c9d1e-5a52-4a0c-9a43-6d3d6b1f6c55'

export interface AnomalyContext {
  readonly pipeline: string
  readonly configHash: string
}

/** Gives a finding its id. `detectedAt` in milliseconds since the epoch. */
export function anomalyOf(finding: Finding, context: AnomalyContext, detectedAt: number): Anomaly {
  const { kind, segment, windowEnd } = finding
  const id = nameBasedUuid(JSON.stringify([context.pipeline, kind, segment, windowEnd]), namespace)
  return { ...finding, id, pipeline: context.pipeline, configHash: context.configHash, detectedAt }
}
