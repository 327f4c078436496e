import type { Sender, SendResult } from '../../delivery/channel.ts'
import type { ReasonType } from '../../incident/reason.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { SlackBotSettings } from '../../routing/receiver.ts'
import { composeMessage } from '../message/message.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { Pictures } from '../picture/pictures.ts'
import type { Own } from '../template/own.ts'
import type { HttpChannelDeps } from '../types.ts'
import { type SlackAnswer, slackAnswerOf } from './answer.ts'
import { editedSlackMessage, plainSlackMessage, type SlackMessage, slackUpdate } from './message.ts'
import { uploadFile } from './upload.ts'

/**
 * A Slack app's bot: one message for each incident, brought up to date as it lives, with what changed in its thread.
 * The message reference is `channel:ts` of that message.
 */
export function createSlackBotChannel({
  apiUrl,
  botToken,
  channel,
  renderOptions,
  http,
  pictures,
  own
}: SlackBotSettings &
  HttpChannelDeps & { readonly pictures?: Pictures; readonly own?: Own<SlackMessage> }): Sender {
  const secrets = [botToken]

  async function call(method: string, body: object): Promise<SlackAnswer> {
    const headers = { authorization: `Bearer ${botToken}` }
    const url = `${apiUrl}/${method}`
    return slackAnswerOf(
      await http.exchange({ url, headers, body: JSON.stringify(body), secrets }),
      secrets,
      'api'
    )
  }

  const safely = (notification: NotificationRecord, render: typeof slackUpdate): SlackMessage =>
    rendered(notification, renderOptions, render, plainSlackMessage)

  const wholeOf = (notification: NotificationRecord): SlackMessage =>
    own?.(notification, true) ?? safely(notification, editedSlackMessage)

  async function begin(notification: NotificationRecord): Promise<SendResult> {
    const message = { channel, ...wholeOf(notification) }
    const { result, messageRef } = await call('chat.postMessage', message)
    if (result.kind !== 'sent' || messageRef === null) return result
    const shown = showPicture(notification, messageRef)
    // Whoever tests wants to know; a message is sent without its picture, whatever becomes of that.
    const no = notification.reason.type === 'test' ? await shown : null
    return {
      ...result,
      ...(no !== null && { answer: `${result.answer}, without its picture: ${no}` }),
      messageRef
    }
  }

  /** Into the thread, behind the message. Why it is not there; null where it is, or there is none. Never rejects. */
  async function showPicture(notification: NotificationRecord, messageRef: string): Promise<string | null> {
    const bytes = await pictures?.of(notification, 'nobody')
    if (!pictures || !bytes) return null
    const [place = '', ts = ''] = messageRef.split(':')
    const file = { name: 'chart.png', title: titleOf(notification), bytes }
    const no = await uploadFile(file, { channel: place, ts }, { apiUrl, botToken, http })
    if (no !== null) pictures.missed('refused', no)
    return no
  }

  const titleOf = (notification: NotificationRecord): string =>
    rendered(
      notification,
      renderOptions,
      () => composeMessage(notification, renderOptions).title,
      () => 'chart'
    )

  /** Edited first: where the reply has to be tried again, the edit before it changes nothing more. */
  async function goOn(notification: NotificationRecord, messageRef: string): Promise<SendResult> {
    const [place = '', ts = ''] = messageRef.split(':')
    const whole = wholeOf(notification)
    const edit = await call('chat.update', { channel: place, ts, ...whole })
    if (edit.error !== null && gone.has(edit.error)) return begin(notification)
    const isLocked = edit.error === 'edit_window_closed'
    if (edit.result.kind !== 'sent' && !isLocked) return edit.result
    // Where the workspace lets nobody edit, the thread gets the whole message.
    const text = isLocked ? whole : safely(notification, slackUpdate)
    const broadcast = { reply_broadcast: calls.has(notification.reason.type) }
    const reply = await call('chat.postMessage', { channel: place, thread_ts: ts, ...broadcast, ...text })
    if (reply.result.kind !== 'sent') return reply.result
    void showPicture(notification, messageRef)
    return { ...reply.result, messageRef }
  }

  return {
    send: (notification, earlier) =>
      earlier === null || notification.action === 'summary'
        ? begin(notification)
        : goOn(notification, earlier)
  }
}

/** The message is no longer there, or no longer ours: the incident begins anew. */
const gone: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'channel_not_found',
  'thread_not_found'
])
/** Reasons that want somebody's attention: a reply alone is seen by who follows the thread. */
const calls: ReadonlySet<ReasonType> = new Set([
  'reminder',
  'severity_rose',
  'came_back',
  'escalated',
  'still_open',
  'silence_ended',
  'inhibition_ended'
])
