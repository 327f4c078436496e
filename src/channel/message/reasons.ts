import type { NotificationRecord } from '../../incident/types.ts'
import { minuteMs } from '../../time/units.ts'
import { acknowledgedBy, durationOf, titleOf } from './format.ts'
import { cut, plain } from './text.ts'

/** Why this message came, where that isn't plain from its being there; null otherwise. */
export function reasonText(notification: NotificationRecord): string | null {
  const [reason = '', ...more] = notification.reason.split(':')
  const named = cut(plain(more.join(':')), 80)
  switch (reason) {
    case 'refused_elsewhere':
      return `Passed on: the receiver ${named} refused this message for good.`
    case 'fallback':
      return `Passed on: the receiver ${named} does not take messages now.`
    case 'test':
      return 'This is a test of cartwatch: nothing is wrong.'
    case 'severity_rose':
      return 'The severity rose.'
    case 'came_back':
      return 'The condition cleared and came back.'
    case 'still_open':
      return 'Found while catching up, and still there.'
    case 'reminder':
      return `Reminder: still open${forHowLong(notification)}, and nobody has acknowledged it.`
    case 'flapping':
      return 'It opens and ends again and again: from now on it takes longer to be over.'
    case 'acknowledged':
      return `Acknowledged by ${acknowledgedBy(notification) ?? 'somebody'}: no more reminders.`
    case 'silence_ended':
      return 'A silence ended, and the condition lasts.'
    case 'silenced':
      return 'Somebody silenced it; the condition may last.'
    case 'no_longer_explained':
      return 'What explained it is over, and the condition lasts.'
    case 'explained_by':
      return `${titleOf(named)} explains it; the condition may last.`
    case 'route_changed':
      return 'The routes lead here now.'
    default:
      return null
  }
}

/** A reminder comes by the wall clock, and counts by it. */
function forHowLong({ incident, decidedAt }: NotificationRecord): string {
  const lasts = incident ? decidedAt - incident.openedAt : 0
  return lasts >= minuteMs ? ` after ${durationOf(lasts)}` : ''
}
