import { conditionOf } from '../../incident/impact.ts'
import type { Reason, ReasonType } from '../../incident/reason.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { minuteMs } from '../../time/units.ts'
import { acknowledgedBy, durationOf, subjectOf } from './format.ts'
import { cut, plain } from './text.ts'

type NamingReason = 'escalated' | 'silenced' | 'inhibited_by' | 'refused_elsewhere' | 'fallback' | 'unknown'

const texts: Readonly<Record<Exclude<ReasonType, NamingReason>, string>> = {
  opened: 'it opened',
  still_open: 'found while catching up, and still there',
  severity_rose: 'the severity rose',
  more_found: 'another alert of the same cause joined',
  came_back: 'the condition cleared and came back',
  flapping: 'it opens and ends again and again: from now on it takes longer to end',
  reminder: 'still open, and nobody has acknowledged it',
  acknowledged: 'somebody acknowledged it',
  taken_over: 'somebody else took it over',
  recovered: 'it is over',
  new_level: 'it did not come back: its level is what is expected from now on',
  catch_up: 'found while catching up',
  route_changed: 'the routes lead here now',
  silence_ended: 'a silence ended, and the condition lasts',
  inhibition_ended: 'the incident that inhibited it is over, and the condition lasts',
  page_silenced: 'somebody silenced it; the condition may last',
  test: 'this is a test of cartwatch: nothing is wrong',
  report: 'it is due'
}

/** Why a notification is sent or not, as part of a sentence. */
export function reasonText(reason: Reason): string {
  switch (reason.type) {
    case 'silenced':
      return `silence ${named(reason.silenceId)} is in force`
    case 'inhibited_by':
      return `inhibited by ${named(reason.kind)}`
    case 'refused_elsewhere':
      return `rerouted: the receiver ${named(reason.receiver)} refused this message for good`
    case 'fallback':
      return `rerouted: the receiver ${named(reason.receiver)} does not take messages now`
    case 'escalated':
      return `escalated to level ${reason.level}`
    case 'unknown':
      return plain(reason.text)
    default:
      return texts[reason.type]
  }
}

/** Why this message came; null where the message itself shows it. */
export function reasonNote(notification: NotificationRecord): string | null {
  const { reason } = notification
  switch (reason.type) {
    case 'opened':
    case 'recovered':
    case 'catch_up':
    case 'report':
    case 'unknown':
      return null
    case 'more_found':
      return `Also found: ${notification.anomalies.slice(0, -1).map(subjectOf).join(', ')}.`
    case 'new_level':
      return newLevelNote(notification)
    case 'escalated':
      return escalationNote(notification)
    case 'reminder':
      return `Reminder: still open${forHowLong(notification)}, and nobody has acknowledged it.`
    case 'taken_over':
      return `Taken over by ${acknowledgedBy(notification) ?? 'somebody'}: no more reminders.`
    case 'acknowledged':
      return `Acknowledged by ${acknowledgedBy(notification) ?? 'somebody'}: no more reminders.`
    default: {
      const text = reasonText(reason)
      return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
    }
  }
}

function newLevelNote({ incident, anomalies }: NotificationRecord): string {
  const change = Math.round(((incident?.newLevel ?? 1) - 1) * 100)
  const metric = plain(anomalies.at(-1)?.metric ?? '').replaceAll('_', ' ')
  return `It did not come back: ${metric} stays ${Math.abs(change)} % ${change < 0 ? 'below' : 'above'} what was usual, and is expected there from now on.`
}

function escalationNote({ incident, escalated, decidedAt, reason }: NotificationRecord): string {
  if (escalated === undefined) return `E${reasonText(reason).slice(1)}.`
  const { level, levels, by } = escalated
  const which = `Escalated to level ${level} of ${levels}`
  if (by !== null) return `${which} by ${plain(by)}.`
  const since = incident?.escalation?.since ?? decidedAt
  const lasts = decidedAt - since
  return `${which}: nobody has acknowledged it${lasts >= minuteMs ? ` for ${durationOf(lasts)}` : ''}.`
}

const named = (name: string): string => cut(plain(name), 80)

/** A reminder comes by the wall clock, and counts by it. */
function forHowLong({ incident, decidedAt }: NotificationRecord): string {
  const lasts = incident ? decidedAt - conditionOf(incident).conditionFrom : 0
  return lasts >= minuteMs ? ` after ${durationOf(lasts)}` : ''
}
