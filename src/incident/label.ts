import { z } from 'zod'

/** What a person says that an incident was: a real one, a false alarm, or something that was known to come. */
export const verdicts = ['real', 'false', 'expected'] as const
export type LabelVerdict = (typeof verdicts)[number]

export const labelSchema = z
  .object({
    verdict: z.enum(verdicts),
    /** In the words of the person; empty where none were given. */
    reason: z.string()
  })
  .readonly()
export type Label = z.infer<typeof labelSchema>
