import { createHmac } from 'node:crypto'
import type { Sender } from '../../delivery/channel.ts'
import type { WebhookSettings } from '../../routing/receiver.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { secretFormsOf } from '../../telemetry/url-secrets.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { Own } from '../template/own.ts'
import type { HttpChannelDeps } from '../types.ts'
import { plainWebhookBody, webhookBody } from './body.ts'

interface WebhookOptions extends WebhookSettings, HttpChannelDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly own?: Own<unknown>
}

/** Any server that takes JSON. The same notification has the same id, however often it is tried. */
export function createWebhookChannel({
  url,
  secret,
  renderOptions,
  http,
  clock,
  own
}: WebhookOptions): Sender {
  const secrets = [...secretFormsOf(url), ...(secret === null ? [] : [secret])]
  return {
    async send(notification) {
      const content =
        own?.(notification) ?? rendered(notification, renderOptions, webhookBody, plainWebhookBody)
      const body = JSON.stringify(content)
      const headers = {
        'x-cartwatch-id': notification.id,
        ...(secret !== null && { 'x-cartwatch-signature': signatureOf(body, secret, clock.now()) })
      }
      return http.post({ url, body, headers, secrets })
    }
  }
}

/** `t=SECONDS,v1=HEX`: the HMAC-SHA256 of `SECONDS.BODY`, so that an old request cannot be sent again as a new one. */
export function signatureOf(body: string, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${hex}`
}
