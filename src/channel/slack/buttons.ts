import type * as slack from '@slack/types'
import { verdicts } from '../../incident/label.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { Translate } from '../../language/translator.ts'
import type { Message } from '../message/message.ts'
import type { RenderOptions } from '../types.ts'

export type SlackAction = slack.Button | slack.Overflow

/** What a click on a button sends. */
export const sentBack = (
  { incidentId, severity }: NotificationRecord,
  isEdited: boolean,
  { language = 'en' }: RenderOptions
): string =>
  JSON.stringify({
    incident: incidentId,
    severity,
    ...(isEdited && { edited: true }),
    ...(language !== 'en' && { language })
  })

/** A message, of which these are the buttons. */
export interface WithButtons {
  readonly notification: NotificationRecord
  readonly renderOptions: RenderOptions
  readonly message: Message
  /** Its sender edits it later. */
  readonly isEdited: boolean
}

export function buttonsOf({ notification, renderOptions, message, isEdited }: WithButtons): SlackAction[] {
  const { mayAcknowledge, maySilence, mayEscalate, mayLabel, links, t } = message
  const value = sentBack(notification, isEdited, renderOptions)
  const buttons: SlackAction[] = []
  if (renderOptions.interactive && mayAcknowledge) {
    buttons.push({ ...button(t('button.acknowledge'), 'acknowledge'), value, style: 'primary' })
  }
  if (renderOptions.interactive && maySilence)
    buttons.push({ ...button(t('button.silence'), 'silence'), value })
  if (renderOptions.interactive && mayEscalate)
    buttons.push({ ...button(t('button.escalate'), 'escalate'), value })
  for (const { id, text, url } of links) {
    if (id !== 'acknowledge_link' || !renderOptions.interactive) buttons.push({ ...button(text, id), url })
  }
  if (renderOptions.interactive && mayLabel) buttons.push(labelMenu(notification, renderOptions, t))
  return buttons
}

/** Behind the buttons, as three dots: what the incident was can be said at any time, and once is enough. */
const labelMenu = (
  { incidentId }: NotificationRecord,
  { language = 'en' }: RenderOptions,
  t: Translate
): slack.Overflow => ({
  type: 'overflow',
  action_id: 'label',
  options: verdicts.map(verdict => ({
    text: plainText(t(`button.mark_${verdict}`)),
    // Slack takes 150 characters, so this is no JSON.
    value: [verdict, incidentId, ...(language === 'en' ? [] : [language])].join(' ')
  }))
})

/** Without an id: in a row no two may be the same. */
export const linkButton = (text: string, url: string): slack.Button => ({
  type: 'button',
  text: plainText(text),
  url
})

// Plain text is neither parsed nor linked by Slack; only the labels of our own values are markup.
export const plainText = (text: string): slack.PlainTextElement => ({
  type: 'plain_text',
  text,
  emoji: false
})
export const button = (text: string, id: string): slack.Button => ({
  type: 'button',
  text: plainText(text),
  action_id: id
})
