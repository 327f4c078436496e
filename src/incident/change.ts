import { z } from 'zod'

/** What was done to the shop, or for it. */
export const changeKinds = ['deploy', 'campaign', 'other'] as const

/** How somebody told of it. */
export const changeVias = ['cli', 'api', 'topic'] as const
export type ChangeVia = (typeof changeVias)[number]

export const changeSchema = z
  .object({
    id: z.string(),
    /** When it took effect. */
    at: z.number(),
    kind: z.enum(changeKinds),
    /** Such as `checkout 4.2`. */
    what: z.string(),
    by: z.string(),
    /** Where more is said of it. */
    link: z.string().nullable()
  })
  .readonly()
