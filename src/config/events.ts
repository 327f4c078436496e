import { z } from 'zod'
import { sizeBetween } from './schema-parts.ts'

/** The `events:` section. */
export const eventsSchema = z
  .strictObject({ max_bytes: sizeBetween(1_024, 104_857_600).prefault('1MiB') })
  .transform(({ max_bytes }) => ({ maxBytes: max_bytes }))
  .prefault({})
