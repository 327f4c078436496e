import type { Config } from '../config/schema.ts'
import { maskText, scrub } from '../config/secrets.ts'

/** Takes the configured secrets out of a text: webhooks to their last 8 characters, everything else wholly. */
export function maskOf({ receivers, store }: Config): (text: string) => string {
  const hidden = new Map<string, string>()
  for (const receiver of receivers.values()) {
    if (receiver.type === 'slack') hidden.set(receiver.webhookUrl, maskText(receiver.webhookUrl, 'url'))
    else hidden.set(receiver.integrationKey, maskText(receiver.integrationKey, 'whole'))
  }
  return function mask(text) {
    let shown = text
    for (const [secret, instead] of hidden) shown = shown.replaceAll(secret, instead)
    return scrub(shown, store.password === '' ? [] : [store.password])
  }
}
