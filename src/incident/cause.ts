import { z } from 'zod'

/** What has probably caused an incident's alerts, for people. */
export const causeSchema = z
  .object({
    /** The pattern that its alerts fit. */
    id: z.string(),
    /** A few words: `Payment or checkout fails`. */
    title: z.string(),
    /** A sentence or two: why that is likely, and what is as usual. */
    text: z.string()
  })
  .readonly()
export type Cause = z.infer<typeof causeSchema>
