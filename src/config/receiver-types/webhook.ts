import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import type { WebhookSettings } from '../../routing/receiver.ts'
import { httpUrl, orNull } from '../schema-parts.ts'
import { commonKeys, sendResolved } from './parts.ts'

export const webhookSchema = z
  .strictObject({
    type: z.literal('webhook'),
    url: httpUrl,
    secret: orNull(z.string().min(16)),
    send_resolved: sendResolved.default(true),
    ...commonKeys
  })
  .transform((webhook): WebhookSettings => camelcaseKeys(webhook))
