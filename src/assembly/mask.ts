import type { Config } from '../config/schema.ts'
import { maskText, scrub } from '../config/secrets.ts'

/** A path shorter than this, such as `/`, hides nothing and is part of other texts. */
const leastPath = 16

/** Takes the configured secrets out of a text: webhooks to their last 8 characters, everything else wholly. */
export function maskOf({ receivers, store }: Config): (text: string) => string {
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
  const spellings = store.password === '' ? [] : spellingsOf(store.user, store.password)
  return function mask(text) {
    let shown = text
    for (const [secret, instead] of longestFirst) shown = shown.replaceAll(secret, instead)
    return scrub(shown, spellings)
  }
}

/** A password as it is, and as a header, a query or a JSON text has it; the longest first. */
function spellingsOf(user: string, password: string): readonly string[] {
  const all = [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    Buffer.from(`${user}:${password}`).toString('base64')
  ]
  return [...new Set(all)].sort((a, b) => b.length - a.length)
}
