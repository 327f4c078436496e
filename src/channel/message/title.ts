import type { ReasonType } from '../../incident/reason.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { Translate } from '../../language/translator.ts'
import type { State } from './facts.ts'
import { subjectOf } from './format.ts'
import { serviceTitle } from './service-alert.ts'

/** What a message about an end says where it is not resolved. */
const endTitles: Partial<Record<ReasonType, string>> = {
  page_silenced: 'title.silenced',
  new_level: 'title.new_level'
}

/** What a message is called, without the environment. */
export function titled(notification: NotificationRecord, state: State, t: Translate): string {
  const { severity, reason, anomalies } = notification
  const test = reason.type === 'test' ? `${t('title.test')} · ` : ''
  const subject = subjectOf(notification, t)
  switch (state) {
    case 'open':
      return `${test}${serviceTitle(notification, t) ?? t('title.open', { severity: t(`severity.${severity}`).toUpperCase(), subject })}`
    case 'acknowledged':
      return `${test}${t('title.acknowledged', { subject })}`
    case 'resolved':
      return `${test}${t(endTitles[reason.type] ?? 'title.resolved', { subject })}`
    case 'summary':
      return t('title.caught_up', { count: anomalies.length })
    default:
      throw state satisfies never
  }
}
