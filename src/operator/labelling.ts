import { z } from 'zod'
import { type Label, type LabelVerdict, verdicts } from '../incident/label.ts'
import type { OperatorAction, StoredIncident } from '../incident/types.ts'
import { expectedOf } from '../telemetry/expected.ts'
import { visible } from '../telemetry/visible-text.ts'
import { wrongInput } from '../telemetry/wrong-input.ts'
import { type Asked, labelling } from './actions.ts'
import type { Operating } from './operator.ts'

export type LabelAnswer =
  | { readonly kind: 'unknown' | 'ambiguous' }
  | { readonly kind: 'done'; readonly incident: StoredIncident; readonly action: OperatorAction }

/** Says what an incident was, by its id or the beginning of it; open or over. */
export async function label(
  operating: Operating,
  id: string,
  said: Label,
  asked: Asked
): Promise<LabelAnswer> {
  const [incident, ...others] = await operating.matching(id)
  if (incident === undefined) return { kind: 'unknown' }
  if (others.length) return { kind: 'ambiguous' }
  const action = labelling(incident, said, asked)
  await operating.act(action)
  return { kind: 'done', incident, action }
}

const longestReason = 1_000

/** A reason as it is kept: on one line, of a bounded length. */
export const reasonOf = (text = ''): string => visible(text.trim().slice(0, longestReason).toWellFormed())

const labelSchema = z.strictObject({
  label: z.enum(verdicts),
  /** Who it is, is read apart. */
  by: z.unknown().optional(),
  reason: z.string().max(longestReason).optional()
})

export type ReadLabel =
  | { readonly kind: 'right'; readonly label: Label }
  | { readonly kind: 'wrong'; readonly message: string }

export function labelOf(value: unknown): ReadLabel {
  const parsed = labelSchema.safeParse(value, { error: expectedOf })
  if (!parsed.success) return { kind: 'wrong', message: wrongInput(parsed.error, value) }
  const { label: verdict, reason } = parsed.data
  return { kind: 'right', label: { verdict, reason: reasonOf(reason) } }
}

/** As a person would say it. */
export const verdictText: Readonly<Record<LabelVerdict, string>> = {
  real: 'real',
  false: 'a false alarm',
  expected: 'expected'
}
