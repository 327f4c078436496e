import { conditionOf } from '../../incident/impact.ts'
import type { Reason } from '../../incident/reason.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { english, type Translate } from '../../language/translator.ts'
import { minuteMs } from '../../time/units.ts'
import { acknowledgedBy, durationText, metricText, subjectOf } from './format.ts'
import { cut, plain } from './text.ts'

/** Why a notification is sent or not, as part of a sentence. */
export function reasonText(reason: Reason, t: Translate = english): string {
  switch (reason.type) {
    case 'silenced':
      return t('reason.silenced', { silence: named(reason.silenceId) })
    case 'inhibited_by':
      return t('reason.inhibited_by', { kind: named(reason.kind) })
    case 'refused_elsewhere':
    case 'fallback':
      return t(`reason.${reason.type}`, { receiver: named(reason.receiver) })
    case 'escalated':
      return t('reason.escalated', { level: reason.level })
    case 'unknown':
      return plain(reason.text)
    default:
      return t(`reason.${reason.type}`)
  }
}

/** Why this message came; null where the message itself shows it. */
export function reasonNote(notification: NotificationRecord, t: Translate): string | null {
  const { reason } = notification
  switch (reason.type) {
    case 'opened':
    case 'recovered':
    case 'catch_up':
    case 'report':
    case 'unknown':
      return null
    case 'more_found': {
      const subjects = notification.anomalies.slice(0, -1).map(one => subjectOf(one, t))
      return t('note.more_found', { subjects: subjects.join(', ') })
    }
    case 'new_level':
      return newLevelNote(notification, t)
    case 'escalated':
      return escalationNote(notification, t)
    case 'reminder':
      return reminderNote(notification, t)
    case 'taken_over':
    case 'acknowledged':
      return t(`note.${reason.type}`, { name: acknowledgedBy(notification, t) ?? t('by.somebody') })
    default:
      return sentenceOf(reason, t)
  }
}

function sentenceOf(reason: Reason, t: Translate): string {
  const text = reasonText(reason, t)
  return t('note.sentence', { text: `${text.charAt(0).toUpperCase()}${text.slice(1)}` })
}

function newLevelNote({ incident, anomalies }: NotificationRecord, t: Translate): string {
  const change = Math.round(((incident?.newLevel ?? 1) - 1) * 100)
  const metric = metricText(anomalies.at(-1)?.metric ?? '', t)
  return t(change < 0 ? 'note.level_below' : 'note.level_above', { metric, change: Math.abs(change) })
}

function escalationNote(
  { incident, escalated, decidedAt, reason }: NotificationRecord,
  t: Translate
): string {
  if (escalated === undefined) return sentenceOf(reason, t)
  const { level, levels, by } = escalated
  if (by !== null) return t('note.escalated_by', { level, levels, name: plain(by) })
  const lasts = decidedAt - (incident?.escalation?.since ?? decidedAt)
  return lasts >= minuteMs
    ? t('note.escalated_after', { level, levels, duration: durationText(lasts, t) })
    : t('note.escalated', { level, levels })
}

const named = (name: string): string => cut(plain(name), 80)

/** A reminder comes by the wall clock, and counts by it. */
function reminderNote({ incident, decidedAt }: NotificationRecord, t: Translate): string {
  const lasts = incident ? decidedAt - conditionOf(incident).conditionFrom : 0
  return lasts >= minuteMs
    ? t('note.reminder_after', { duration: durationText(lasts, t) })
    : t('note.reminder')
}
