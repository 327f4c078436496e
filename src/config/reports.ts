import { z } from 'zod'
import { receiverNames } from './routes.ts'
import { orOff, timezone } from './schema-parts.ts'

export const defaultHour = 8

/** A variable is text. */
const hour = z.preprocess(
  written => (typeof written === 'string' && /^\d{1,2}$/.test(written) ? Number(written) : written),
  z.int().min(0).max(23)
)

/** The `reports:` section. */
export const reportsSchema = z
  .strictObject({
    daily: orOff(
      z.strictObject({
        /** Of the local day. */
        hour: hour.default(defaultHour),
        timezone: timezone.optional(),
        receiver: receiverNames.optional()
      }),
      'an hour and receivers, or off'
    ).prefault('off')
  })
  .prefault({})

/** They get reports where `receiver` names nobody, if there is one of them. */
export const insightsReceivers: readonly string[] = ['insights', 'slack-insights']
