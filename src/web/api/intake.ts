import { z } from 'zod'

/** An alert of another service: docs/intake.md has the fields of each kind. */
export const alertBody = z.looseObject({
  kind: z.enum(['drift', 'policy_violation', 'faves', 'safety_event', 'alert']),
  severity: z.string()
})

export const alertmanagerBody = z.looseObject({ alerts: z.array(z.looseObject({})) })

export const acceptedAnswer = z.union([
  z.object({ status: z.enum(['accepted', 'duplicate']), incident: z.string().nullable() }),
  z.object({ status: z.literal('rate_limited'), retry_after_s: z.int() })
])
export const acceptedList = z.object({ results: z.array(acceptedAnswer) })

export const rateQuery = z.object({ kind: alertBody.shape.kind, model_id: z.string() })
export const rateAnswer = z.object({ allowed: z.boolean(), retry_after_s: z.int() })
