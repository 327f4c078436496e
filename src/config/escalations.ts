import { z } from 'zod'
import type { EscalationLevel, Escalations } from '../routing/escalation.ts'
import type { CrossIssue } from './errors.ts'
import type { Configured } from './receiver-types/receiver-types.ts'
import { nobody } from './receiver-types/receiver-types.ts'
import { type RouteConfig, receiverNames } from './routes.ts'
import { durationBetween, listOf, oneOrMore, refuseAt, trimmedText } from './schema-parts.ts'

const mostLevels = 10

const mentionError = "Slack's id of a user (U…, W…) or a user group (S…), here or channel"
const mentioned = z.string().regex(/^([UWS][A-Z0-9]{4,30}|here|channel)$/, { error: mentionError })

const levelSchema = z
  .strictObject({
    /** After the first notification, while nobody has acknowledged the incident. */
    after: durationBetween('10s', '7d'),
    receivers: receiverNames,
    mention: listOf(mentioned, mentionError).optional(),
    only_if: z.literal('undelivered').optional(),
    /** Names of time intervals, `!` for outside of one. */
    when: oneOrMore(trimmedText).optional()
  })
  .transform(
    ({ after, receivers, mention = [], only_if, when = [] }): EscalationLevel => ({
      afterMs: after,
      receivers: [receivers].flat(),
      mention,
      onlyIfUndelivered: only_if === 'undelivered',
      when
    })
  )

const policySchema = z
  .array(levelSchema)
  .min(1, 'at least one level')
  .max(mostLevels, `at most ${mostLevels} levels`)
  .superRefine((levels, context) => {
    for (const [index, { afterMs }] of levels.entries()) {
      const before = levels[index - 1]
      if (before !== undefined && afterMs <= before.afterMs)
        refuseAt(
          context,
          [index, 'after'],
          'must be longer than that of the level before it: all count from the first notification'
        )
    }
  })

const policyName = trimmedText.regex(/^[A-Za-z0-9][\w.-]*$/, {
  error: 'a name of letters, digits, dots, dashes and underscores'
})

/** The `escalations:` section. */
export const escalationsSchema = z
  .record(policyName, policySchema)
  .transform((policies): Escalations => new Map(Object.entries(policies)))

/** What is checked together. */
interface EscalatingSections {
  readonly escalations: Escalations
  readonly routes: readonly RouteConfig[]
  /** Undefined is one that is wrong by itself. */
  readonly receivers: ReadonlyMap<string, Configured | undefined>
  /** Why a name is no receiver that can be notified; undefined where it is one. */
  readonly whyNoReceiver: (name: string) => string | undefined
  /** Why a name, with or without `!`, is no time interval; undefined where it is one. */
  readonly whyNoInterval: (name: string) => string | undefined
}

/** Checks policies against routes, receivers and time intervals; empty where all is well. */
export function escalationIssues(sections: EscalatingSections): CrossIssue[] {
  const { escalations, routes, receivers, whyNoReceiver, whyNoInterval } = sections
  const issues: CrossIssue[] = []
  const refuse = (path: readonly (string | number)[], message: string | undefined) => {
    if (message !== undefined) issues.push({ path, message })
  }
  for (const [index, { escalate, receivers: names }] of routes.entries()) {
    if (escalate === undefined) continue
    const there = escalations.size ? `there are ${[...escalations.keys()].join(', ')}` : 'there are none'
    if (!escalations.has(escalate))
      refuse(['routes', index, 'escalate'], `there is no escalation policy ${escalate}; ${there}`)
    if (names.includes(nobody))
      refuse(['routes', index, 'escalate'], 'this route notifies nobody, so nothing can escalate')
  }
  for (const [name, levels] of escalations) {
    if (routes.every(({ escalate }) => escalate !== name))
      refuse(['escalations', name], `no route names it: add escalate: ${name} to one`)
    for (const [index, level] of levels.entries()) {
      const at = ['escalations', name, index]
      for (const receiver of level.receivers) refuse([...at, 'receivers'], whyNoReceiver(receiver))
      for (const interval of level.when) refuse([...at, 'when'], whyNoInterval(interval))
      if (level.mention.length > 0 && !level.receivers.some(receiver => mentions(receiver, receivers)))
        refuse(
          [...at, 'mention'],
          'only Slack mentions people, and no receiver of this level is one of Slack'
        )
    }
  }
  return issues
}

/** Whether a receiver, or a member of a group, is one of Slack. What is wrong by itself may be. */
function mentions(name: string, receivers: EscalatingSections['receivers']): boolean {
  const receiver = receivers.get(name)
  if (receiver?.type === 'group') return receiver.members.some(member => mentions(member.receiver, receivers))
  return receiver === undefined || receiver.type === 'slack' || receiver.type === 'slack_bot'
}
