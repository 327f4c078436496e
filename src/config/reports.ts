import { z } from 'zod'
import { receiverNames } from './routes.ts'
import { orOff, timezone } from './schema-parts.ts'

export const defaultHours = { daily: 8, digest: 9 } as const

/** A variable is text. */
export const hourOfDay = z.preprocess(
  written => (typeof written === 'string' && /^\d{1,2}$/.test(written) ? Number(written) : written),
  z.int().min(0).max(23)
)

const reportAt = (defaultHour: number) =>
  orOff(
    z.strictObject({
      /** Of the local day. */
      hour: hourOfDay.default(defaultHour),
      timezone: timezone.optional(),
      receiver: receiverNames.optional()
    }),
    'an hour and receivers, or off'
  ).prefault('off')

/** The `reports:` section. */
export const reportsSchema = z
  .strictObject({
    daily: reportAt(defaultHours.daily),
    /** Incidents of low severity in one list, and in no message of their own. */
    digest: reportAt(defaultHours.digest)
  })
  .prefault({})

/** They get the daily report and those about costs where its `receiver` names nobody, if there is one of them. */
export const insightsReceivers: readonly string[] = ['insights', 'slack-insights']
