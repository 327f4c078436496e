import { z } from 'zod'
import type { TeamsSettings } from '../../routing/receiver.ts'
import { httpUrl } from '../schema-parts.ts'
import { commonKeys, commonSettings, sendResolved } from './parts.ts'

export const teamsSchema = z
  .strictObject({
    type: z.literal('teams'),
    webhook_url: httpUrl,
    send_resolved: sendResolved.default(false),
    ...commonKeys
  })
  .transform(
    ({ type, webhook_url, send_resolved, ...rest }): TeamsSettings => ({
      type,
      webhookUrl: webhook_url,
      sendResolved: send_resolved,
      ...commonSettings(rest)
    })
  )
