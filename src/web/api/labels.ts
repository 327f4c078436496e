import { z } from 'zod'
import { verdicts } from '../../incident/label.ts'
import { time } from './parts.ts'

/** What somebody said an incident was. */
export const label = z.object({
  verdict: z.enum(verdicts),
  /** Empty where none was given. */
  reason: z.string(),
  by: z.string(),
  via: z.string(),
  at: time
})

/** POST /api/incidents/{id}/label. Whoever signed in is who says so, whatever is said here. */
export const labelBody = z.object({
  label: z.enum(verdicts),
  by: z.string().min(1).max(200).optional(),
  reason: z.string().max(1_000).optional()
})
export type LabelBody = z.input<typeof labelBody>

export const labelledAnswer = z.object({
  incident: z.string(),
  by: z.string(),
  label: z.enum(verdicts),
  reason: z.string()
})
export type LabelledAnswer = z.output<typeof labelledAnswer>
