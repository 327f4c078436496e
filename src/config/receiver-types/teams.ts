import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import type { TeamsSettings } from '../../routing/receiver.ts'
import { httpUrl } from '../schema-parts.ts'
import { commonKeys, picture, sendResolved } from './parts.ts'

export const teamsSchema = z
  .strictObject({
    type: z.literal('teams'),
    webhook_url: httpUrl,
    send_resolved: sendResolved.default(false),
    picture,
    ...commonKeys
  })
  .transform((teams): TeamsSettings => camelcaseKeys(teams))
