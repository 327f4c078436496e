import { z } from 'zod'
import { durationBetween, text } from './schema-parts.ts'

/** The `store:` section. */
export const storeSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'a URL such as http://localhost:8123' })
      .refine(url => !url.includes('@'), {
        error: 'a URL without user and password, which have keys of their own'
      })
      .optional(),
    user: text.prefault('default'),
    password: z.string().prefault(''),
    database: z
      .string()
      .regex(/^[a-z_]\w*$/i, { error: 'the name of a database, such as realtime' })
      .prefault('realtime'),
    folder: text.prefault('data/store'),
    timeout: durationBetween('1s', '5m').prefault('10s'),
    retention: durationBetween('1d', '3650d').prefault('90d'),
    history: durationBetween('1h', '365d').prefault('28d')
  })
  .superRefine(({ history, retention }, context) => {
    if (history <= retention) return
    const message = 'no more than retention: older rows are gone'
    context.addIssue({ code: 'custom', path: ['history'], message })
  })
  .transform(({ timeout, retention, history, ...rest }) => ({
    ...rest,
    timeoutMs: timeout,
    retentionMs: retention,
    historyMs: history
  }))
  .prefault({})
