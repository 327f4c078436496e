import { z } from 'zod'
import type { ReceiverSettings } from '../../routing/receiver.ts'
import { emailSchema } from './email.ts'
import type { GroupSettings } from './group.ts'
import { groupSchema } from './group.ts'
import type { Heartbeat } from './heartbeat.ts'
import { heartbeatSchema } from './heartbeat.ts'
import { pagerdutySchema } from './pagerduty.ts'
import { slackSchema } from './slack.ts'
import { teamsSchema } from './teams.ts'
import { webhookSchema } from './webhook.ts'

/** What routes name instead of a receiver: nobody is notified. */
export const nobody = 'none'

/** One of `receivers:`, parsed. */
export type Configured = ReceiverSettings | Heartbeat | GroupSettings

type Receivers = ReadonlyMap<string, Configured>

const receiverName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'a name of letters, digits, dots, dashes and underscores')
  .refine(name => name !== nobody, 'another name: none means no receiver')

/** One of `receivers:`. */
export const receiverSchema = z.discriminatedUnion('type', [
  slackSchema,
  pagerdutySchema,
  emailSchema,
  teamsSchema,
  webhookSchema,
  heartbeatSchema,
  groupSchema
])

/** Receivers, groups of them and heartbeats by name. */
export const receiversSchema = z
  .record(receiverName, receiverSchema)
  .transform(receivers => new Map<string, Configured>(Object.entries(receivers)))

/** Those that take messages. */
export const routable = (receivers: Receivers): ReadonlyMap<string, ReceiverSettings> =>
  new Map(
    [...receivers].flatMap(([name, one]) =>
      one.type === 'heartbeat' || one.type === 'group' ? [] : [[name, one]]
    )
  )

export const groupsOf = (receivers: Receivers): ReadonlyMap<string, GroupSettings> =>
  new Map([...receivers].flatMap(([name, one]) => (one.type === 'group' ? [[name, one]] : [])))

export const heartbeatsOf = (receivers: Receivers): ReadonlyMap<string, Heartbeat> =>
  new Map([...receivers].flatMap(([name, one]) => (one.type === 'heartbeat' ? [[name, one]] : [])))
