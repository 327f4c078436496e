import { z } from 'zod'
import { dayMs } from '../time/units.ts'
import { durationBetween, trimmedText } from './schema-parts.ts'

const age = durationBetween('1d', '3650d')

/** One age for all rows, or one for each kind of them, in days behind the border. */
const retention = z
  .union(
    [
      age,
      z.strictObject({
        windows: age.prefault('90d'),
        segments: age.optional(),
        anomalies: age.prefault('90d'),
        incidents: age.prefault('90d'),
        notifications: age.prefault('90d')
      })
    ],
    {
      error:
        'a duration from 1d to 3650d, or one each for windows, segments, anomalies, incidents and notifications'
    }
  )
  .transform(ages => {
    const days = (ms: number) => Math.max(1, Math.round(ms / dayMs))
    const {
      windows,
      segments = windows,
      anomalies,
      incidents,
      notifications
    } = typeof ages === 'number'
      ? { windows: ages, anomalies: ages, incidents: ages, notifications: ages }
      : ages
    return {
      windows: days(windows),
      segments: days(segments),
      anomalies: days(anomalies),
      incidents: days(incidents),
      notifications: days(notifications)
    }
  })

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
    timeout: durationBetween('1s', '5m').prefault('8s'),
    retention: retention.prefault('90d'),
    history: durationBetween('1h', '365d').prefault('28d')
  })
  .superRefine(({ history, retention }, context) => {
    if (history <= retention.windows * dayMs) return
    const message = 'at most the retention of windows: older rows are deleted'
    context.addIssue({ code: 'custom', path: ['history'], message })
  })
  .transform(({ timeout, history, ...rest }) => ({
    ...rest,
    timeoutMs: timeout,
    historyMs: history
  }))
  .prefault({})
