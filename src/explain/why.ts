import { reasonText } from '../channel/message/reasons.ts'
import { noReceiver } from '../incident/notification.ts'
import type { NotificationRecord, Silence, StoredIncident } from '../incident/types.ts'
import { shownTime } from '../time/shown-time.ts'
import type { Facts } from './facts.ts'
import { answerText, shortId, took } from './words.ts'

/** Why a notification was decided, or was not to be sent; empty where its action says that already. */
export function whyText(
  { action, reason, dedupKey }: Pick<NotificationRecord, 'action' | 'reason' | 'dedupKey'>,
  { silences, inhibitors }: Pick<Facts, 'silences' | 'inhibitors'>
): string {
  const isSaid = action === 'acknowledge' || (action === 'resolve' && dedupKey === null)
  switch (reason.type) {
    case 'acknowledged':
    case 'taken_over':
    case 'recovered':
      return isSaid && reason.type !== 'taken_over' ? '' : reasonText(reason)
    case 'severity_rose':
      return action === 'resolve' ? 'a page of a higher severity replaced it' : reasonText(reason)
    case 'silenced':
      return silencedText(reason.silenceId, silences.get(reason.silenceId))
    case 'inhibited_by':
      return inhibitedText(reason.kind, inhibitors.get(reason.kind))
    default:
      return reasonText(reason)
  }
}

const silencedText = (id: string, silence: Silence | undefined): string =>
  silence === undefined ? `silenced (silence ${shortId(id)})` : silenceText(silence)

export function silenceText({ id, by, reason, endsAt }: Silence): string {
  return `silenced by ${by} until ${shownTime(endsAt)}: ${reason} (silence ${shortId(id)})`
}

const inhibitedText = (kind: string, inhibitor: StoredIncident | undefined): string =>
  inhibitor === undefined
    ? `inhibited by ${kind}`
    : `inhibited by ${kind} ${shortId(inhibitor.id)}, open since ${shownTime(inhibitor.openedAt)}`

/** What was decided: `to notify at high`, `to resolve the page`. */
export function whatText({ action, severity, dedupKey }: NotificationRecord): string {
  const isPage = dedupKey !== null
  switch (action) {
    case 'trigger':
      return `to ${isPage ? 'page' : 'notify'} at ${severity}`
    case 'acknowledge':
      return isPage ? 'to acknowledge the page' : 'to notify that somebody acknowledged it'
    case 'resolve':
      return isPage ? 'to resolve the page' : 'to notify that it is over'
    case 'summary':
      return 'to notify in a summary'
    default:
      throw action satisfies never
  }
}

/** What became of a notification that was decided. */
export function fateText(record: NotificationRecord): string {
  const { outcome, attempts, receiver } = record
  const answer = answerText(record)
  const said = answer === '' ? '' : `: ${answer}`
  switch (outcome) {
    case 'sent':
      return `sent${latencyText(record)}${attempts > 1 ? `, at try ${attempts}` : ''}${said}`
    case 'pending':
      return attempts === 0 ? 'waits, not tried yet' : `waits, tried ${times(attempts)}${said}`
    case 'refused':
      return `refused for good${said}`
    case 'expired':
      return `given up after ${times(attempts)}${said}`
    case 'off':
      return receiver === noReceiver ? 'not sent: no route leads to a receiver' : 'not sent: alerts are off'
    case 'muted':
      return 'not sent'
    default:
      throw outcome satisfies never
  }
}

const latencyText = (record: NotificationRecord): string =>
  record.latencyMs === null ? '' : ` after ${took(record)}`

const times = (count: number): string => (count === 1 ? 'once' : `${count.toLocaleString('en')} times`)
