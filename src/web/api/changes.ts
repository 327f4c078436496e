import { z } from 'zod'
import { changeKinds } from '../../incident/change.ts'
import { changeBody } from '../../operator/changing.ts'
import { time } from './parts.ts'

/** A deploy, a campaign, or something else that was changed. */
export const change = z.object({
  id: z.string(),
  /** When it took effect. */
  at: time,
  kind: z.enum(changeKinds),
  what: z.string(),
  by: z.string(),
  link: z.string().nullable()
})

/** POST /api/changes. Whoever signed in is who did it, whatever is said here. */
export const tellBody = changeBody.extend({ by: z.string().min(1).max(200).optional() })

/** GET /api/changes: those that took effect within [from, to), in that order; the last 24 hours where left out. */
const instant = z.iso.datetime({ offset: true, error: 'a time with its zone, such as 2026-11-28T20:00:00Z' })
export const changesQuery = z.object({ from: instant.optional(), to: instant.optional() })

export const changesAnswer = z.object({ changes: z.array(change) })
