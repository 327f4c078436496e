import type { Config } from '../config/schema.ts'
import { maskText, scrub } from '../config/secrets.ts'

/** A path shorter than this, such as `/`, hides nothing and is part of other texts. */
const leastPath = 16

/** Takes the configured secrets out of a text: webhooks to their last 8 characters, everything else wholly. */
export function maskOf({ receivers, store, kafka }: Config): (text: string) => string {
  const hidden = new Map<string, string>()
  for (const receiver of receivers.values()) {
    if (receiver.type === 'slack') {
      const { webhookUrl } = receiver
      const path = webhookUrl.slice(new URL(webhookUrl).origin.length)
      // An error of HTTP may name no more than the path.
      if (path.length >= leastPath) hidden.set(path, maskText(webhookUrl, 'url'))
      hidden.set(webhookUrl, maskText(webhookUrl, 'url'))
    } else hidden.set(receiver.integrationKey, maskText(receiver.integrationKey, 'whole'))
  }
  // The longest first: what stays of a secret that begins or ends like another would be seen.
  const longestFirst = [...hidden].sort(([a], [b]) => b.length - a.length)
  const spellings = [credentialsOf(store.user, store.password), ...kafkaCredentials(kafka)]
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

function kafkaCredentials({ sasl, tls }: Config['kafka']): string[][] {
  const passphrase = credentialsOf('', tls?.passphrase ?? '')
  if (sasl === undefined) return [passphrase]
  return sasl.mechanism === 'oauthbearer'
    ? [passphrase, credentialsOf(sasl.clientId, sasl.clientSecret)]
    : [passphrase, credentialsOf(sasl.username, sasl.password)]
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
