import type { Heartbeat } from '../../config/receiver-types/heartbeat.ts'
import type { Config } from '../../config/schema.ts'
import { maskText, scrub } from '../../config/secrets.ts'
import type { ReceiverSettings } from '../../routing/receiver.ts'
import { credentialsIn, secretFormsOf } from '../../telemetry/url-secrets.ts'

/** Takes the configured secrets out of a text: webhooks to their last 8 characters, everything else wholly. */
export function maskOf({ receivers, heartbeats, store, kafka, http }: Config): (text: string) => string {
  const hidden = new Map<string, string>()
  const secrets = [...receivers.values(), ...heartbeats.values()].map(secretsOf)
  for (const url of secrets.flatMap(({ urls }) => urls)) {
    const { pathname, search } = new URL(url)
    // An error of HTTP may name no more than the path, or a part of it.
    for (const form of secretFormsOf(url)) {
      const isWhole = form === url || form === pathname || form === `${pathname}${search}`
      hidden.set(form, isWhole ? maskText(url, 'url') : '***')
    }
    hidden.set(encodeURIComponent(url), maskText(url, 'url'))
  }
  // The longest first: what stays of a secret that begins or ends like another would be seen.
  const longestFirst = [...hidden].sort(([a], [b]) => b.length - a.length)
  const spellings = [
    credentialsOf(store.user, store.password),
    credentialsOf('', store.anonymise?.secret ?? ''),
    ...kafkaCredentials(kafka),
    ...inboundSecrets(http),
    ...addressesOf(store, kafka).map(credentialsIn),
    ...secrets.map(({ credentials }) => credentials)
  ]
    .flat()
    .sort((a, b) => b.length - a.length)
  return function mask(text) {
    let shown = text
    for (const [secret, instead] of longestFirst) shown = shown.replaceAll(secret, instead)
    return scrub(shown, spellings)
  }
}

/** A page as JSON: each of its texts is masked by itself, since a mask over the whole could break it. */
export const maskedJson = (page: unknown, mask: (text: string) => string): string =>
  JSON.stringify(page, (_key, value) => (typeof value === 'string' ? mask(value) : value))

interface Secrets {
  /** Webhook addresses: anyone who knows one can post to it. */
  readonly urls: readonly string[]
  readonly credentials: readonly string[]
}

function secretsOf(receiver: ReceiverSettings | Heartbeat): Secrets {
  switch (receiver.type) {
    case 'slack':
    case 'teams':
      return { urls: [receiver.webhookUrl], credentials: [] }
    case 'heartbeat':
      return { urls: [receiver.url], credentials: [] }
    case 'webhook':
      return { urls: [receiver.url], credentials: credentialsOf('', receiver.secret ?? '') }
    case 'slack_bot':
      return { urls: [], credentials: credentialsOf('', receiver.botToken) }
    case 'pagerduty':
      return { urls: [], credentials: credentialsOf('', receiver.integrationKey) }
    case 'email': {
      const { user, password } = receiver
      if (user === null || password === null) return { urls: [], credentials: [] }
      // As a login over SMTP has them, too.
      const plain = Buffer.from(`\0${user}\0${password}`).toString('base64')
      const credentials = [...credentialsOf(user, password), plain, Buffer.from(password).toString('base64')]
      return { urls: [], credentials }
    }
    default:
      throw receiver satisfies never
  }
}

/** Addresses that anybody may know, but for the credentials within them. */
const addressesOf = ({ url }: Config['store'], { sasl }: Config['kafka']): readonly string[] => [
  ...(url === undefined ? [] : [url]),
  ...(sasl?.mechanism === 'oauthbearer' ? [sasl.tokenUrl] : [])
]

function inboundSecrets(http: Config['http']): string[][] {
  const { linkSecret, slackSigningSecret, pagerdutyWebhookSecret, apiToken, viewToken, intakeToken } = http
  const ofPeople = [http.password, http.viewPassword]
  const several = [slackSigningSecret, pagerdutyWebhookSecret, apiToken, viewToken, intakeToken, ...ofPeople]
  return [linkSecret ?? '', ...several.flatMap(secrets => secrets ?? [])].map(secret =>
    credentialsOf('', secret)
  )
}

function kafkaCredentials({ sasl, tls, schemaRegistry }: Config['kafka']): string[][] {
  const others = [
    credentialsOf('', tls?.passphrase ?? ''),
    credentialsOf(schemaRegistry?.username ?? '', schemaRegistry?.password ?? '')
  ]
  if (sasl === undefined) return others
  return sasl.mechanism === 'oauthbearer'
    ? [...others, credentialsOf(sasl.clientId, sasl.clientSecret)]
    : [...others, credentialsOf(sasl.username, sasl.password)]
}

/** A password as it is, and as a header, a query or a JSON text has it. */
function credentialsOf(user: string, password: string): string[] {
  if (password === '') return []
  return [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    Buffer.from(`${user}:${password}`).toString('base64')
  ]
}
