import type { Config } from './schema.ts'

/** A note for each address beyond this machine that is asked without encryption. The address itself may be a secret. */
export function plainHttpNotes({ receivers, heartbeats, store, kafka }: Config): string[] {
  const addresses: readonly (readonly [string, string | undefined])[] = [
    ...[...receivers, ...heartbeats].flatMap(([name, settings]) =>
      (['url', 'webhookUrl', 'apiUrl'] as const).map(key => {
        const value: unknown = Reflect.get(settings, key)
        return [`receivers.${name}.${written[key]}`, typeof value === 'string' ? value : undefined] as const
      })
    ),
    ['store.url', store.url],
    ['kafka.schema_registry.url', kafka.schemaRegistry?.url],
    ['kafka.sasl.token_url', kafka.sasl?.mechanism === 'oauthbearer' ? kafka.sasl.tokenUrl : undefined]
  ]
  return addresses.flatMap(([path, url]) =>
    url !== undefined && isPlainBeyondLoopback(url)
      ? [
          `${path} begins with http://: others on the network can read what is sent; use https:// if it is offered`
        ]
      : []
  )
}

const written = { url: 'url', webhookUrl: 'webhook_url', apiUrl: 'api_url' } as const

function isPlainBeyondLoopback(address: string): boolean {
  const url = URL.parse(address)
  if (url?.protocol !== 'http:') return false
  return !/^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
}
