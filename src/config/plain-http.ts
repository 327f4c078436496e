import type { Settings } from './document.ts'
import { pathText } from './errors.ts'
import { type Note, noteAt } from './rules/note.ts'
import type { Config } from './schema.ts'

/** A note for each address beyond this machine that is asked without encryption. The address itself may be a secret. */
export function plainHttpNotes(
  { receivers, heartbeats, store, kafka }: Config,
  origins: Settings['origins']
): Note[] {
  const addresses: readonly (readonly [readonly string[], string | undefined])[] = [
    ...[...receivers, ...heartbeats].flatMap(([name, settings]) =>
      (['url', 'webhookUrl', 'apiUrl'] as const).map(key => {
        const value: unknown = Reflect.get(settings, key)
        return [['receivers', name, written[key]], typeof value === 'string' ? value : undefined] as const
      })
    ),
    [['store', 'url'], store.url],
    [['kafka', 'schema_registry', 'url'], kafka.schemaRegistry?.url],
    [
      ['kafka', 'sasl', 'token_url'],
      kafka.sasl?.mechanism === 'oauthbearer' ? kafka.sasl.tokenUrl : undefined
    ]
  ]
  return addresses.flatMap(([path, url]) => {
    if (url === undefined || !isPlainBeyondLoopback(url)) return []
    const text = `${pathText(path)} begins with http://: others on the network can read what is sent; use https:// if it is offered`
    return [noteAt(origins, 'plain-http', path, text)]
  })
}

const written = { url: 'url', webhookUrl: 'webhook_url', apiUrl: 'api_url' } as const

function isPlainBeyondLoopback(address: string): boolean {
  const url = URL.parse(address)
  return url?.protocol === 'http:' && !isLoopback(url.hostname)
}

/** Whether a host name or address is this machine; an IPv6 address may stand in brackets. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host)
