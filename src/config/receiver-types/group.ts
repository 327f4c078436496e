import { z } from 'zod'
import { type Member, picks, type ReceiverGroup } from '../../routing/group.ts'
import { refuseAt, trimmedText } from '../schema-parts.ts'

/** Receivers of which one is notified of each incident. */
export interface GroupSettings extends ReceiverGroup {
  readonly type: 'group'
}

const memberSchema = z.union(
  [
    trimmedText,
    z.strictObject({ receiver: trimmedText, weight: z.number().positive().max(1_000).optional() })
  ],
  { error: 'the name of a receiver, or { receiver: NAME, weight: NUMBER } with a weight above 0' }
)

export const groupSchema = z
  .strictObject({
    type: z.literal('group'),
    members: z.tuple([memberSchema], memberSchema, { error: 'a list of receivers' }),
    pick: z.enum(picks).default('round_robin')
  })
  .superRefine(({ members, pick }, context) => {
    const names = members.map(member => (typeof member === 'string' ? member : member.receiver))
    for (const [index, member] of members.entries()) {
      const refuse = (message: string) => refuseAt(context, ['members', index], message)
      const name = names[index] as string
      if (names.indexOf(name) < index) refuse(`${name} is there twice`)
      if (pick !== 'weighted' && typeof member !== 'string' && member.weight !== undefined)
        refuse(`has a weight, which only pick: weighted takes into account; this is pick: ${pick}`)
    }
  })
  .transform(
    ({ members: [first, ...others], ...group }): GroupSettings => ({
      ...group,
      members: [memberOf(first), ...others.map(memberOf)]
    })
  )

const memberOf = (member: z.output<typeof memberSchema>): Member =>
  typeof member === 'string' ? { receiver: member, weight: 1 } : { ...member, weight: member.weight ?? 1 }
