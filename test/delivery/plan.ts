import { severities } from '../../detectors/types.ts'
import { typeRates } from '../../src/delivery/default-rates.ts'
import { alertIdOf, dedupKeyOf, notificationIdOf } from '../../src/incident/ids.ts'
import type { NotificationRecord } from '../../src/incident/types.ts'
import type { Rate, ReceiverSettings } from '../../src/routing/receiver.ts'
import type { Segment } from '../../src/window/segment.ts'
import { anomalyAt, recordOf } from '../support/alerts.ts'
import { pagerDutyTo, slackBotTo, slackTo, teamsTo, webhookTo } from '../support/channels.ts'

/** Where receivers are reached, and by what credentials. */
export interface Places {
  readonly origin: string
  readonly slackBotToken: string
  readonly pagerdutyKey: string
}

/** Ten receivers of five types. */
export const receiversAt = ({
  origin,
  slackBotToken,
  pagerdutyKey
}: Places): ReadonlyMap<string, ReceiverSettings> => {
  const named = (path: string, name: string) => `${origin}/${path}/${name}-0123456789abcdef`
  const slack = ['slack-1', 'slack-2', 'slack-3', 'slack-4'].map((name): [string, ReceiverSettings] => [
    name,
    slackTo(named('services/T0LOCAL/B0LOCAL', name))
  ])
  return new Map([
    ...slack,
    ['slack-bot', slackBotTo(`${origin}/api`, slackBotToken)],
    ['pagerduty', pagerDutyTo(`${origin}/v2/enqueue`, pagerdutyKey)],
    ['teams-1', teamsTo(named('workflows', 'teams-1'))],
    ['teams-2', teamsTo(named('workflows', 'teams-2'))],
    ['webhook-1', webhookTo(named('hooks', 'webhook-1'), 'a secret')],
    ['webhook-2', webhookTo(named('hooks', 'webhook-2'))]
  ])
}

/** Faster than the default rates, so that a run takes minutes; PagerDuty has its default. */
export const rateOf = (receiver: string): Rate =>
  receiver === 'pagerduty' ? typeRates.pagerduty : { perSecond: 4, burst: 5 }

/** Receivers that are also notified when an incident is resolved. */
const notifiedOfEnds: ReadonlySet<string> = new Set(['pagerduty', 'slack-bot'])

/** The number that identifies a message in any form. */
export const numberIn = (text: string): string | undefined => /n\d{5}n/.exec(text)?.[0]

/** So many notifications to all receivers, their severities in no order. */
export function planOf(count: number, receivers: readonly string[], nowMs: number): NotificationRecord[] {
  const plan: NotificationRecord[] = []
  for (let at = 0; plan.length < count; at++) {
    const receiver = receivers[at % receivers.length] as string
    const severity = severities[(at * 7 + Math.floor(at / receivers.length)) % severities.length] ?? 'low'
    const segment: Segment = `part=n${String(at).padStart(5, '0')}n`
    const incidentId = alertIdOf('delivery', 'revenue_drop', segment, 0)
    const actions = notifiedOfEnds.has(receiver) ? (['trigger', 'resolve'] as const) : (['trigger'] as const)
    for (const action of actions) {
      const dedupKey = receiver === 'pagerduty' ? dedupKeyOf(incidentId, severity, 1) : null
      const reason = { type: action === 'trigger' ? 'opened' : 'recovered' } as const
      const id = notificationIdOf(`${incidentId}|${action}`, receiver)
      const anomalies = [
        anomalyAt(1, { severity, segment, details: `Revenue of ${segment} dropped by 87%.` })
      ]
      plan.push(
        recordOf({
          action,
          segment,
          severity,
          anomalies,
          reason,
          dedupKey,
          id,
          pipeline: 'delivery',
          incidentId,
          receiver,
          decidedAt: nowMs,
          updatedAt: nowMs
        })
      )
    }
  }
  return plan.slice(0, count)
}
