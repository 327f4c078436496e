import { defineKind } from '../kind.ts'
import { checkLadder, enabled, ladder, section, severity } from '../rules/options.ts'
import { duration } from '../rules/units.ts'

const minuteMs = 60_000

/** Raised from what becomes of writes, not from windows. */
export const storeUnavailable = defineKind({
  kind: 'store_unavailable',
  title: 'Store unavailable',
  metric: 'waiting_windows',
  unit: 'count',
  summary: 'Nothing can be stored: alerts go on, and windows wait in memory.',
  options: section(
    {
      enabled,
      after: duration.default(minuteMs),
      severity: severity('high'),
      raise_after: ladder(duration, { critical: 60 * minuteMs })
    },
    (value, issue) => checkLadder(issue, 'raise_after', value.severity, value.after, value.raise_after)
  ).transform(({ after, raiseAfter, ...rest }) => ({ ...rest, afterMs: after, raiseAfterMs: raiseAfter }))
})
