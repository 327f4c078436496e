import { z } from 'zod'
import type { WebhookSettings } from '../../routing/receiver.ts'
import { httpUrl } from '../schema-parts.ts'
import { commonKeys, commonSettings, sendResolved } from './parts.ts'

export const webhookSchema = z
  .strictObject({
    type: z.literal('webhook'),
    url: httpUrl,
    secret: z.string().min(16).optional(),
    send_resolved: sendResolved.default(true),
    ...commonKeys
  })
  .transform(
    ({ type, url, secret, send_resolved, ...rest }): WebhookSettings => ({
      type,
      url,
      secret: secret ?? null,
      sendResolved: send_resolved,
      ...commonSettings(rest)
    })
  )
