import { z } from 'zod'
import { dayMs } from '../time/units.ts'
import { durationBetween, refuseKey, sizeBetween, trimmedText } from './schema-parts.ts'

const days = durationBetween('1d', '3650d').transform(ms => Math.max(1, Math.round(ms / dayMs)))

/** One age for all rows, or one for each kind of them, in days behind the border. */
const retention = z
  .union(
    [
      days,
      z.strictObject({
        windows: days.prefault('90d'),
        segments: days.optional(),
        anomalies: days.prefault('90d'),
        incidents: days.prefault('90d'),
        notifications: days.prefault('90d')
      })
    ],
    {
      error:
        'a duration from 1d to 3650d, or one each for windows, segments, anomalies, incidents and notifications'
    }
  )
  .transform(ages =>
    typeof ages === 'number'
      ? { windows: ages, segments: ages, anomalies: ages, incidents: ages, notifications: ages }
      : { ...ages, segments: ages.segments ?? ages.windows }
  )

/** The `store:` section. */
export const storeSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'a URL such as http://localhost:8123' })
      .refine(url => !url.includes('@'), {
        error: 'a URL without user and password, which have their own keys'
      })
      .optional(),
    user: trimmedText.prefault('default'),
    password: z.string().prefault(''),
    database: z
      .string()
      .regex(/^[a-z_]\w*$/i, { error: 'the name of a database, such as realtime' })
      .prefault('realtime'),
    folder: trimmedText.prefault('data/store'),
    // 64 mebibytes to a pebibyte.
    max_size: sizeBetween(2 ** 26, 2 ** 50).prefault('20480MiB'),
    timeout: durationBetween('1s', '5m').prefault('8s'),
    retention: retention.prefault('90d'),
    audit_retention: days.prefault('400d'),
    anonymise_after: durationBetween('7d', '3650d').optional(),
    anonymise_secret: z
      .string()
      .regex(/^\S{16,}$/, { error: 'at least 16 characters without spaces' })
      .optional(),
    history: durationBetween('1h', '365d').prefault('28d')
  })
  .superRefine(({ history, retention }, context) => {
    if (history <= retention.windows * dayMs) return
    const message = 'at most the retention of windows: older rows are deleted'
    context.addIssue({ code: 'custom', path: ['history'], message })
  })
  .superRefine(({ anonymise_after, anonymise_secret }, context) => {
    if (anonymise_after !== undefined && anonymise_secret === undefined)
      refuseKey(context, 'anonymise_after', 'anonymising also needs store.anonymise_secret')
  })
  .transform(
    ({
      timeout,
      history,
      max_size,
      retention,
      audit_retention,
      anonymise_after,
      anonymise_secret,
      ...rest
    }) => ({
      ...rest,
      retention: { ...retention, audit: audit_retention },
      ...(anonymise_after !== undefined &&
        anonymise_secret !== undefined && {
          anonymise: { afterMs: anonymise_after, secret: anonymise_secret }
        }),
      maxSize: max_size,
      timeoutMs: timeout,
      historyMs: history
    })
  )
  .prefault({})
