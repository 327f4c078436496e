import { noReceiver } from '../../incident/notification.ts'
import type { NotificationRecord, Silence } from '../../incident/types.ts'
import { shortId } from '../incidents.ts'
import { answerText, took } from '../notifications.ts'
import { shownTime } from '../times.ts'
import type { Facts } from './facts.ts'

type Decided = Pick<NotificationRecord, 'action' | 'reason' | 'dedupKey'>

/** Why a message was decided, or was not to be sent; empty where what it was says that already. */
export function whyText(
  { action, reason, dedupKey }: Decided,
  facts: Pick<Facts, 'silences' | 'causes'>
): string {
  const isPlain = action === 'acknowledge' || (action === 'resolve' && dedupKey === null)
  if (isPlain && plainReasons[reason] !== undefined) return ''
  if (action === 'resolve' && reason === 'severity_rose') return 'a graver page took its place'
  const [name, of = ''] = splitOnce(reason)
  switch (name) {
    case 'silenced':
      return of === '' ? 'a silence began' : silenceText(of, facts.silences.get(of))
    case 'explained_by': {
      const cause = facts.causes.get(of)
      return cause === undefined
        ? `explained by ${of}`
        : `explained by ${of} ${shortId(cause.id)}, open since ${shownTime(cause.openedAt)}`
    }
    case 'refused_elsewhere':
      return `${of} refused it for good`
    case 'fallback':
      return `in place of ${of}`
    default:
      return plainReasons[name] ?? name
  }
}

const plainReasons: Readonly<Record<string, string>> = {
  opened: 'it opened',
  acknowledged: 'somebody took it on',
  still_open: 'found while catching up, and still there',
  severity_rose: 'its severity rose',
  came_back: 'it had cleared and came back',
  recovered: 'it is over',
  catch_up: 'found while catching up',
  test: 'a test',
  reminder: 'still open, and nobody had acknowledged it',
  flapping: 'it comes and goes',
  silence_ended: 'a silence had ended while it lasted',
  no_longer_explained: 'what explained it was over',
  route_changed: 'routes lead here since'
}

function silenceText(id: string, silence: Silence | undefined): string {
  if (silence === undefined) return `silenced (silence ${shortId(id)})`
  const { by, reason, endsAt } = silence
  return `silenced by ${by} until ${shownTime(endsAt)}: ${reason} (silence ${shortId(id)})`
}

/** What was decided: `to tell at high`, `to resolve the page`. */
export function whatText({ action, severity, dedupKey }: NotificationRecord): string {
  const isPage = dedupKey !== null
  switch (action) {
    case 'trigger':
      return `to ${isPage ? 'page' : 'tell'} at ${severity}`
    case 'acknowledge':
      return isPage ? 'to acknowledge the page' : 'to tell who took it on'
    case 'resolve':
      return isPage ? 'to resolve the page' : 'to tell that it is over'
    case 'summary':
      return 'to tell in a summary'
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

function splitOnce(reason: string): readonly [string, string?] {
  const at = reason.indexOf(':')
  return at < 0 ? [reason] : [reason.slice(0, at), reason.slice(at + 1)]
}
