import type { Channel, Sender } from '../delivery/channel.ts'
import { addressOf, type EmailSettings, type ReceiverSettings } from '../routing/receiver.ts'
import type { Clock } from '../telemetry/clock.ts'
import { createEmailChannel } from './email/email.ts'
import { createHttp, type Http } from './http.ts'
import { inLanguageOf } from './in-language.ts'
import { createPagerDutyChannel } from './pagerduty/pagerduty.ts'
import { createPictures, type OnPictureMissed } from './picture/pictures.ts'
import { createSlackBotChannel } from './slack/bot.ts'
import { createSlackChannel } from './slack/webhook.ts'
import { createTeamsChannel } from './teams/teams.ts'
import { type OwnMessages, ownOf } from './template/own.ts'
import type { RenderOptions } from './types.ts'
import { createWebhookChannel } from './webhook/webhook.ts'

export interface ChannelsOptions {
  readonly receivers: ReadonlyMap<string, ReceiverSettings>
  readonly renderOptions: RenderOptions
  /** Undefined where the configuration has no template. */
  readonly ownMessages?: Omit<OwnMessages, 'renderOptions'> | undefined
  /** A message went without its picture. */
  readonly onPictureMissed?: OnPictureMissed
  /** How long a message waits for its picture; absent: 100 ms. */
  readonly pictureWithinMs?: number
  /** For one request. */
  readonly timeoutMs: number
  readonly clock: Pick<Clock, 'now'>
}

export interface Channels {
  readonly byName: ReadonlyMap<string, Channel>
  /** Ends the connections; what is under way fails. */
  close(): Promise<void>
}

/** A channel for every receiver, over one pool of connections. */
export function createChannels(options: ChannelsOptions): Channels {
  const http = createHttp({ timeoutMs: options.timeoutMs })
  const picturesFor = createPictures(options.onPictureMissed ?? (() => {}), {
    waitMs: options.pictureWithinMs
  })
  const byName = new Map<string, Channel>()
  for (const [name, receiver] of options.receivers)
    byName.set(name, {
      ...senderOf(name, receiver, options, { http, picturesFor }),
      type: receiver.type,
      address: addressOf(receiver)
    })
  return { byName, close: () => http.close() }
}

interface Shared {
  readonly http: Http
  readonly picturesFor: ReturnType<typeof createPictures>
}

function senderOf(
  name: string,
  receiver: ReceiverSettings,
  options: ChannelsOptions,
  { http, picturesFor }: Shared
): Sender {
  const { timeoutMs, clock, ownMessages } = options
  const renderOptions = inLanguageOf(receiver, options.renderOptions)
  const own = <Form extends Parameters<typeof ownOf>[0]>(form: Form) =>
    ownMessages && { own: ownOf(form, name, { ...ownMessages, renderOptions }) }
  const deps = { renderOptions, http }
  const pictured = ({ picture }: Pick<EmailSettings, 'picture'>) =>
    picture !== 'off' && { pictures: picturesFor(name, renderOptions) }
  switch (receiver.type) {
    case 'slack':
      return createSlackChannel({ ...receiver, ...deps, ...own('slack') })
    case 'slack_bot':
      return createSlackBotChannel({ ...receiver, ...deps, ...pictured(receiver), ...own('slack') })
    case 'pagerduty':
      return createPagerDutyChannel({ ...receiver, ...deps, ...own('pagerduty') })
    case 'email':
      return createEmailChannel({
        ...receiver,
        renderOptions,
        timeoutMs,
        ...pictured(receiver),
        ...own('email')
      })
    case 'teams':
      return createTeamsChannel({ ...receiver, ...deps, ...pictured(receiver), ...own('teams') })
    case 'webhook':
      return createWebhookChannel({ ...receiver, ...deps, clock, ...own('webhook') })
    default:
      throw receiver satisfies never
  }
}
