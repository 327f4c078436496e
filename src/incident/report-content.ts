import { z } from 'zod'
import { severitySchema } from './json-values.ts'

const texts = z.array(z.string()).readonly()

/** A report, as it was written when it was due. */
export const reportContent = z
  .object({
    name: z.string(),
    /** The local day that it is about. */
    date: z.string(),
    title: z.string(),
    facts: z
      .array(z.object({ label: z.string(), text: z.string() }).readonly())
      .readonly()
      .exactOptional(),
    sections: z.array(z.object({ heading: z.string(), lines: texts }).readonly()).readonly(),
    /** The severity of each recommendation that it tells of, by its id. */
    told: z.record(z.string(), severitySchema).readonly().exactOptional()
  })
  .readonly()
