import { z } from 'zod'
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/time/units.ts'

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: secondMs,
  m: minuteMs,
  h: hourMs,
  d: dayMs,
  w: 604_800_000
}

/** Parses `90s`, `15m`, `1h`, `7d`, `250ms` into milliseconds; undefined where it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text.trim())
  const unit = match && unitMs[match[2] as string]
  return match && unit ? Number(match[1]) * unit : undefined
}

/** Parses `30%`, `-30%` or a plain fraction into a fraction; undefined where it is neither. */
export function parseShare(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d+)?)(%?)$/.exec(text.trim())
  if (!match) return undefined
  return match[2] ? Number(match[1]) / 100 : Number(match[1])
}

/** A duration such as `10s`, in milliseconds behind the border. */
export const duration = z
  .string({ error: 'a duration such as 30s, 15m, 1h or 7d' })
  .transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== undefined) return ms
    context.addIssue({ code: 'custom', message: 'a duration such as 30s, 15m, 1h or 7d' })
    return z.NEVER
  })

/** A share such as `30%` or `0.3`, a fraction behind the border. */
export const share = z.union([z.number(), z.string()]).transform((value, context) => {
  const fraction = typeof value === 'number' ? value : parseShare(value)
  if (fraction !== undefined) return fraction
  context.addIssue({ code: 'custom', message: 'a share such as 30% or 0.3' })
  return z.NEVER
})
