import { resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'
import type { Refusal, Tenant } from './tenant-files.ts'

/** Something that only one tenant may have. */
interface Claim {
  /** What it is, for a person: never a secret. */
  readonly what: string
  /** What two tenants must not share; may be a secret. */
  readonly value: string
  /** Where it is set. */
  readonly key: string
}

/**
 * Tenants that would read one group, write one database or let in each other's callers: the second by name is refused. What
 * may be meant, such as one webhook for two of them, is a warning.
 */
export function conflictsOf(
  tenants: readonly Pick<Tenant, 'name' | 'configPath' | 'loaded'>[],
  port: number | undefined
): { readonly refused: readonly Refusal[]; readonly warnings: readonly string[] } {
  const owners = new Map<string, string>()
  if (port !== undefined && port !== 0)
    owners.set(keyOf({ what: portClaim, value: String(port) }), '--listen, where all tenants are shown')
  const addresses = new Map<string, string>()
  const refused: Refusal[] = []
  const warnings: string[] = []
  for (const { name, configPath, loaded } of tenants) {
    const { config } = loaded
    const claims = claimsOf(config)
    const taken = claims.find(claim => owners.has(keyOf(claim)))
    if (taken !== undefined) {
      const owner = owners.get(keyOf(taken))
      const message = `${configPath}: ${taken.key} is ${taken.what} of ${owner}: give each tenant its own`
      refused.push({ name, message })
      continue
    }
    for (const claim of claims) owners.set(keyOf(claim), name)
    for (const [receiver, settings] of config.receivers) {
      const address = addressOf(settings)
      const other = addresses.get(address)
      if (other !== undefined)
        warnings.push(`${configPath}: receivers.${receiver} sends to the same place as ${other}`)
      else addresses.set(address, `${receiver} of ${name}`)
    }
  }
  return { refused, warnings }
}

const portClaim = 'the port'
const keyOf = ({ what, value }: Pick<Claim, 'what' | 'value'>): string => `${what}\0${value}`

function claimsOf({ kafka, store, http, deadLetter, deadLetterFile }: Config): readonly Claim[] {
  const brokers = [...kafka.brokers].toSorted().join(',')
  const claims: (Claim | false)[] = [
    { what: 'the consumer group', value: `${brokers}\0${kafka.group}`, key: 'kafka.group' },
    store.url === undefined
      ? { what: 'the folder', value: resolve(store.folder), key: 'store.folder' }
      : { what: 'the database', value: `${store.url}\0${store.database}`, key: 'store.database' },
    http.port !== 0 && { what: portClaim, value: String(http.port), key: 'http.port' },
    deadLetter === 'file' && { what: 'the file', value: resolve(deadLetterFile), key: 'dead_letter_file' },
    ...secrets('http.api_token', http.apiToken),
    ...secrets('http.view_token', http.viewToken),
    ...secrets('http.password', http.password),
    ...secrets('http.view_password', http.viewPassword),
    ...secrets('http.intake_token', http.intakeToken),
    ...secrets('http.link_secret', http.linkSecret === null ? null : [http.linkSecret])
  ]
  return claims.filter(claim => claim !== false)
}

const secrets = (key: string, values: readonly string[] | null): readonly Claim[] =>
  (values ?? []).map(value => ({ what: 'the secret', value, key }))

/** Where a receiver's messages arrive; may hold a secret. */
function addressOf(settings: ReceiverSettings): string {
  switch (settings.type) {
    case 'slack':
    case 'teams':
      return settings.webhookUrl
    case 'webhook':
      return settings.url
    case 'slack_bot':
      return `${settings.botToken}\0${settings.channel}`
    case 'pagerduty':
      return settings.integrationKey
    case 'email':
      return `${settings.host}\0${settings.to.join(',')}`
    default:
      throw settings satisfies never
  }
}
