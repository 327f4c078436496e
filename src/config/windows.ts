import { z } from 'zod'
import { hourMs } from '../time/units.ts'
import { durationBetween } from './schema-parts.ts'

/** The `windows:` section. */
export const windowsSchema = z
  .strictObject({
    size: durationBetween('1s', '1h')
      .refine(ms => hourMs % ms === 0, { error: 'a part of an hour, such as 30s, 1m, 5m or 15m' })
      .prefault('1m'),
    grace: durationBetween('0s', '1h').prefault('10s'),
    idle: durationBetween('1s', '1h').prefault('30s'),
    max_ahead: z.int().min(2).max(10_000).prefault(60),
    give_up: durationBetween('10s', '1d').prefault('30m')
  })
  .superRefine(({ size, grace, idle, max_ahead, give_up }, context) => {
    if (grace >= size * max_ahead) {
      const message = 'less than size × max_ahead, or a partition is paused before its first window closes'
      context.addIssue({ code: 'custom', path: ['grace'], message })
    }
    if (give_up <= size + grace + idle) {
      const message = 'more than size + grace + idle together, or healthy partitions are skipped'
      context.addIssue({ code: 'custom', path: ['give_up'], message })
    }
  })
  .transform(({ size, grace, idle, max_ahead, give_up }) => ({
    sizeMs: size,
    graceMs: grace,
    idleMs: idle,
    maxAhead: max_ahead,
    skipAfterMs: give_up
  }))
  .prefault({})
