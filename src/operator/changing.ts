import { z } from 'zod'
import type { AuditEvent } from '../audit/row.ts'
import { type ChangeVia, changeKinds } from '../incident/change.ts'
import type { Change } from '../incident/changes.ts'
import { expectedOf } from '../telemetry/expected.ts'
import { visible } from '../telemetry/visible-text.ts'
import { wrongInput } from '../telemetry/wrong-input.ts'
import { dayMs } from '../time/units.ts'
import { type Asked, uuidOf } from './actions.ts'

const longest = { id: 200, what: 200, link: 2_000 } as const
const mostMs = 90 * dayMs

const time = z
  .union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })], {
    error: 'a time with its zone, such as 2026-11-28T20:00Z'
  })
  .transform(text => Date.parse(text))

const link = z
  .string()
  .max(longest.link)
  .refine(text => ['https:', 'http:'].includes(URL.parse(text)?.protocol ?? ''), {
    error: 'an address such as https://ci.example.com/42'
  })

/** A change as it is sent. Who it is, is read apart. */
export const changeBody = z.strictObject({
  what: z.string().trim().min(1).max(longest.what),
  kind: z.enum(changeKinds).default('other'),
  /** Now where left out. */
  at: time.optional(),
  by: z.unknown().optional(),
  link: link.optional(),
  /** The same one again is the same change; made of the rest where left out. */
  id: z.string().trim().min(1).max(longest.id).optional()
})

export type ReadChange =
  | { readonly kind: 'right'; readonly change: Change }
  | { readonly kind: 'wrong'; readonly message: string }

interface Told extends Omit<Asked, 'via'> {
  readonly via: ChangeVia
}

/** Reads a change that somebody tells of. */
export function changeOf(
  value: unknown,
  pipeline: string,
  { by, via, at: nowMs, request }: Told
): ReadChange {
  const parsed = changeBody.safeParse(value, { error: expectedOf })
  if (!parsed.success) return wrong(wrongInput(parsed.error, value))
  const { what: text, kind, at = nowMs, link: address, id } = parsed.data
  if (Math.abs(at - nowMs) > mostMs) return wrong('at is more than 90 days away')
  const what = visible(text)
  const own = id ?? request
  return {
    kind: 'right',
    change: {
      id: own === undefined ? uuidOf('change', pipeline, at, kind, what, by) : visible(own),
      ...{ pipeline, at, kind, what, by, via },
      link: address ?? null
    }
  }
}

const wrong = (message: string): ReadChange => ({ kind: 'wrong', message })

/** For the audit log, without what it says. */
export const eventOfChange = ({ id, at, kind, by, via }: Change, nowMs: number): AuditEvent => ({
  action: 'change_told',
  at: nowMs,
  actor: by,
  via,
  subject: id,
  details: { kind, at: new Date(at).toISOString() }
})
