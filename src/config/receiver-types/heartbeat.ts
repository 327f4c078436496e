import { z } from 'zod'
import { durationBetween, httpUrl } from '../schema-parts.ts'

/** Pinged while windows close; nothing can be routed to it. */
export interface Heartbeat {
  readonly type: 'heartbeat'
  readonly url: string
  readonly everyMs: number
}

export const heartbeatSchema = z
  .strictObject({
    type: z.literal('heartbeat'),
    url: httpUrl,
    every: durationBetween('10s', '1d').prefault('1m')
  })
  .transform(({ type, url, every }): Heartbeat => ({ type, url, everyMs: every }))
