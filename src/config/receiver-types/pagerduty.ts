import camelcaseKeys from 'camelcase-keys'
import { z } from 'zod'
import type { PagerDutySettings } from '../../routing/receiver.ts'
import { httpUrl, trimmedText } from '../schema-parts.ts'
import { commonKeys } from './parts.ts'

export const pagerdutySchema = z
  .strictObject({
    type: z.literal('pagerduty'),
    integration_key: z.string().regex(/^[A-Za-z0-9]{32}$/, 'an Events API v2 integration key, 32 characters'),
    url: httpUrl.default('https://events.pagerduty.com/v2/enqueue'),
    /** What PagerDuty shows as the source; the pipeline where left out. */
    source: trimmedText.max(255).optional(),
    ...commonKeys
  })
  .transform((pagerduty): PagerDutySettings => ({ ...camelcaseKeys(pagerduty), sendResolved: true }))
