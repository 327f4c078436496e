import { z } from 'zod'
import { severity } from './parts.ts'

/** The body of an action: who does it. Whoever signed in is who did it, whatever is said here. */
export const actionBody = z.object({ by: z.string().min(1).max(200).optional() })

/** POST /api/incidents/{id}/acknowledge */
export const acknowledgedAnswer = z.object({ incident: z.string(), by: z.string(), severity })
export type AcknowledgedAnswer = z.output<typeof acknowledgedAnswer>

/** POST /api/incidents/{id}/escalate */
export const escalatedAnswer = z.object({
  incident: z.string(),
  by: z.string(),
  severity,
  level: z.int(),
  levels: z.int()
})
export type EscalatedAnswer = z.output<typeof escalatedAnswer>
