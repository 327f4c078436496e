import { z } from 'zod'
import { type Asked, nameOf } from '../../operator/actions.ts'
import { expectedOf } from '../../telemetry/expected.ts'
import { wrongInput } from '../../telemetry/wrong-input.ts'
import type { Requester } from '../access/requester.ts'

const someBy = z.object({ by: z.string().min(1).max(200) })
const anyBy = someBy.partial()

export type ReadAsked =
  | { readonly kind: 'right'; readonly asked: Asked }
  | { readonly kind: 'wrong'; readonly message: string }

/**
 * Who does it: whoever signed in, whatever the body says. A program has to say whom it acts for; at this machine nobody has to
 * say who they are.
 */
export function readAsked(sent: unknown, requester: Requester, at: number): ReadAsked {
  const { name, by } = requester
  const body = (by === 'token' ? someBy : anyBy).safeParse(sent ?? (by === 'token' ? sent : {}), {
    error: expectedOf
  })
  if (!body.success) return { kind: 'wrong', message: wrongInput(body.error, sent) }
  return { kind: 'right', asked: askedBy(name ?? body.data.by, at) }
}

export const askedBy = (name: string | undefined, at: number): Asked => ({
  by: nameOf(name, 'somebody'),
  via: 'api',
  at
})
