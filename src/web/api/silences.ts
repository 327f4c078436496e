import { z } from 'zod'
import { segment, severity, time, version } from './parts.ts'

const texts = z.array(z.string())

export const silence = z.object({
  version,
  id: z.string(),
  match: z.object({
    kind: texts.optional(),
    severity: texts.optional(),
    segment: texts.optional(),
    pipeline: texts.optional(),
    labels: z.record(z.string(), texts).optional()
  }),
  by: z.string(),
  reason: z.string(),
  starts_at: time,
  ends_at: time
})
export type SilenceAnswer = z.output<typeof silence>

/** GET /api/silences: those that have not ended, the one that ends first in front. */
export const silencesAnswer = z.object({ silences: z.array(silence) })
export type SilencesAnswer = z.output<typeof silencesAnswer>

/** DELETE /api/silences/{id}: who ends it, where nobody signed in. */
export const silencesQuery = z.object({ by: z.string().optional() })

const oneOrMore = z.union([z.string(), texts])

/** POST /api/silences. Either `for` or `ends_at` says when it ends. */
export const silenceBody = z.object({
  match: z.object({
    /** A kind, or a pattern with `*` or `!`. */
    kind: oneOrMore.optional(),
    severity: oneOrMore.optional(),
    segment: oneOrMore.optional(),
    pipeline: oneOrMore.optional(),
    labels: z.record(z.string(), oneOrMore).optional()
  }),
  by: z.string().optional(),
  reason: z.string(),
  starts_at: z.string().optional(),
  ends_at: z.string().optional(),
  /** A duration such as `2h`. */
  for: z.string().optional()
})
export type SilenceBody = z.input<typeof silenceBody>

/** POST /api/silences/preview: what a silence would cover, were it made. It stores nothing. `reason` may be left out. */
export const previewBody = silenceBody.partial({ reason: true })
export const previewAnswer = z.object({
  starts_at: time,
  ends_at: time,
  /** Open incidents of which nobody would be notified any more. */
  incidents: z.array(
    z.object({ id: z.string(), title: z.string(), severity, segment, receivers: z.array(z.string()) })
  ),
  /** Who would no longer be notified of them. */
  receivers: z.array(z.string())
})
export type PreviewAnswer = z.output<typeof previewAnswer>
