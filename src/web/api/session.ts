import { z } from 'zod'

export const roles = ['view', 'operate'] as const
export type Role = (typeof roles)[number]

/**
 * GET /api/session: who asks. `open`: anybody on this machine, without signing in; `password`: signed in here; `proxy`: a
 * proxy signed them in; `token`: a program. Without any of these the answer is 401, as of every other path.
 */
export const sessionAnswer = z.object({
  /** Null where nobody signed in: actions then take `by`. */
  name: z.string().nullable(),
  role: z.enum(roles),
  by: z.enum(['open', 'password', 'proxy', 'token']),
  expires_at: z.iso.datetime().nullable()
})
export type SessionAnswer = z.output<typeof sessionAnswer>

/** POST /api/session: a password or a token of the configuration. 401 where it is wrong, 429 after too many wrong ones. */
export const sessionBody = z.object({
  name: z.string().trim().min(1).max(100),
  password: z.string().min(1).max(1_000)
})
export type SessionBody = z.input<typeof sessionBody>
