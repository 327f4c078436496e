import type { Settings } from '../document.ts'
import { pathText } from '../errors.ts'
import type { Config } from '../schema.ts'
import { type Note, type NotedPath, noteAt } from './note.ts'

type Origins = Settings['origins']

/** Addresses that nobody gets from a service: those of its examples. */
const placeholder =
  /YOUR[/_-]|\byour-?(webhook|slack|team|workspace|url|token|key)|T0{6,}\/B0{6,}|X{8,}|x{8,}|<[^>]*>|change-?me|placeholder|replace-?me/

/** Webhooks whose address is that of an example. */
export function placeholderNotes(config: Config, origins: Origins): Note[] {
  return webhooksOf(config).flatMap(({ path, url }) =>
    placeholder.test(url)
      ? [
          noteAt(
            origins,
            'placeholder-webhook',
            path,
            `${pathText(path)} is the address of an example: nobody gets what is sent there`
          )
        ]
      : []
  )
}

/** Webhooks that have the address of an earlier one. */
export function sharedWebhookNotes(config: Config, origins: Origins): Note[] {
  const webhooks = webhooksOf(config)
  return webhooks.flatMap(({ path, url }, index) => {
    const earlier = webhooks.slice(0, index).find(one => one.url === url)
    if (earlier === undefined) return []
    const text = `${pathText(path)} is the address that ${pathText(earlier.path)} has: both names lead to one place`
    return [noteAt(origins, 'shared-webhook', path, text)]
  })
}

interface Webhook {
  readonly path: NotedPath
  readonly url: string
}

function webhooksOf({ receivers, heartbeats }: Config): readonly Webhook[] {
  return [...receivers, ...heartbeats].flatMap(([name, receiver]): Webhook[] => {
    switch (receiver.type) {
      case 'slack':
      case 'teams':
        return [{ path: ['receivers', name, 'webhook_url'], url: receiver.webhookUrl }]
      case 'webhook':
      case 'heartbeat':
        return [{ path: ['receivers', name, 'url'], url: receiver.url }]
      case 'slack_bot':
      case 'pagerduty':
      case 'email':
        return []
      default:
        throw receiver satisfies never
    }
  })
}
