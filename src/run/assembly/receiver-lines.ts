import { isDeepStrictEqual } from 'node:util'
import type { Loaded } from '../../config/load.ts'
import { maskText } from '../../config/secrets.ts'
import type { ReceiverSettings } from '../../routing/receiver.ts'

/** One line of the log about a receiver. */
export interface ReceiverLine {
  readonly receiver: string
  readonly message: string
}

type LoadedReceivers = Pick<Loaded, 'config' | 'absentReceivers'>

/**
 * For each receiver whether it is notified, and of those that the environment could describe which variable is missing. No
 * secret: of an address its end, as everywhere.
 */
export function receiverLines({ config, absentReceivers }: LoadedReceivers): readonly ReceiverLine[] {
  const { receivers, groups, heartbeats, alerts } = config
  return [
    ...[...receivers].map(([receiver, settings]) => ({
      receiver,
      message: alerts
        ? `${titleOf(settings.type)} notifications enabled: ${receiver} (${whereOf(settings)})`
        : `${titleOf(settings.type)} notifications disabled: ${receiver} (alerts: off)`
    })),
    ...[...groups].map(([receiver, { members, pick }]) => ({
      receiver,
      message: `Group of receivers: ${receiver} (${pick} of ${members.map(one => one.receiver).join(', ')})`
    })),
    ...[...heartbeats].map(([receiver, { url, everyMs }]) => ({
      receiver,
      message: `Heartbeat enabled: ${receiver} (${maskText(url, 'url')}, every ${everyMs / 1_000} s)`
    })),
    ...absentReceivers.map(({ name, type, missing }) => ({
      receiver: name,
      message: `${absentTitleOf(type)} disabled: ${name} (${list.format(missing)} ${missing.length > 1 ? 'are' : 'is'} not set)`
    }))
  ]
}

/** The lines of the receivers that a reload has changed, added or removed. A secret shows as changed by its line coming again. */
export function changedReceiverLines(before: LoadedReceivers, now: LoadedReceivers): readonly ReceiverLine[] {
  const earlier = new Map(receiverLines(before).map(({ receiver, message }) => [receiver, message]))
  const lines = receiverLines(now)
  const names = new Set(lines.map(({ receiver }) => receiver))
  const changed = lines.filter(
    ({ receiver, message }) =>
      message !== earlier.get(receiver) ||
      !isDeepStrictEqual(settingsOf(before, receiver), settingsOf(now, receiver))
  )
  const removed = [...earlier.keys()].filter(receiver => !names.has(receiver))
  return [...changed, ...removed.map(receiver => ({ receiver, message: `Receiver removed: ${receiver}` }))]
}

const settingsOf = ({ config: { receivers, groups, heartbeats } }: LoadedReceivers, name: string): unknown =>
  receivers.get(name) ?? groups.get(name) ?? heartbeats.get(name)

const list = new Intl.ListFormat('en-GB')

const titles: Readonly<Record<ReceiverSettings['type'], string>> = {
  slack: 'Slack',
  slack_bot: 'Slack',
  pagerduty: 'PagerDuty',
  email: 'E-mail',
  teams: 'Teams',
  webhook: 'Webhook'
}

const titleOf = (type: ReceiverSettings['type']): string => titles[type]

function absentTitleOf(type: string): string {
  if (type === 'heartbeat') return 'Heartbeat'
  const title = Object.entries(titles).find(([known]) => known === type)?.[1] ?? type
  return `${title} notifications`
}

/** Where it leads, as far as that is no secret. */
function whereOf(receiver: ReceiverSettings): string {
  switch (receiver.type) {
    case 'slack':
    case 'teams':
      return maskText(receiver.webhookUrl, 'url')
    case 'webhook':
      return maskText(receiver.url, 'url')
    case 'slack_bot':
      return `bot in ${receiver.channel}`
    case 'pagerduty':
      return maskText(receiver.integrationKey, 'whole')
    case 'email':
      return receiver.to.join(', ')
    default:
      throw receiver satisfies never
  }
}
