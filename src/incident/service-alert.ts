import { z } from 'zod'
import type { Anomaly } from '../../detectors/types.ts'
import { anomalyOf } from './anomaly.ts'
import { measuredNumber, saidSchema, segmentSchema, severitySchema } from './json-values.ts'

/** An alert that another service raised, as it was accepted. The store keeps it as JSON and checks it by this. */
export const serviceAlert = z
  .object({
    id: z.string(),
    pipeline: z.string(),
    kind: z.string(),
    /** What it is about: `model=m1 × metric=psi`. */
    segment: segmentSchema,
    severity: severitySchema,
    status: z.enum(['firing', 'resolved']),
    /** When it was accepted, by the wall clock; of two of one kind and segment, the later one has the greater time. */
    at: z.number(),
    /** When it happened, as the service says. */
    occurredAt: z.number(),
    metric: z.string(),
    value: measuredNumber,
    expected: measuredNumber,
    /** One sentence for people. */
    details: z.string(),
    /** The same for other languages, where it is our sentence and not the service's. */
    said: saidSchema,
    /** What it says by name, as its message shows it. */
    evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    /** For routes and silences. */
    labels: z.record(z.string(), z.string()),
    /** The incident that it opens, goes on with or ends. */
    incidentId: z.string()
  })
  .readonly()
export type ServiceAlert = z.infer<typeof serviceAlert>

/** So many of one kind and model are accepted in a minute; of alerts of no model, of one service. */
export const rateKeyOf = ({ kind, segment }: Pick<ServiceAlert, 'kind' | 'segment'>): string =>
  `${kind} ${segment.split(' × ')[0]}`

/** What it says, as an anomaly. */
export function anomalyOfServiceAlert(alert: ServiceAlert, configHash: string): Anomaly {
  const { pipeline, kind, segment, severity, at, occurredAt, metric, value, expected } = alert
  const { details, said, evidence, labels } = alert
  const windowStart = Math.min(occurredAt, at)
  const finding = {
    ...{ kind, metric, segment, severity, value, expected, details, said, evidence, labels },
    ...({ unit: 'number', additive: false, windowStart, windowEnd: at, explainedBy: [] } as const)
  }
  return anomalyOf(finding, { pipeline, configHash }, at)
}
