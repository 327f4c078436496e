import { minuteMs } from '../../src/time/units.ts'
import { defineKind } from '../kind.ts'
import { checkLadder, enabled, ladder, section, severity } from '../rules/options.ts'
import { duration } from '../rules/units.ts'

/** Found in the result of writes, not in windows. */
export const storeUnavailable = defineKind({
  kind: 'store_unavailable',
  title: 'Store unavailable',
  metric: 'waiting_windows',
  summary: 'Nothing can be stored. Alerts continue, and windows wait in memory.',
  checkFirst:
    'Look at ClickHouse: is it up, is its disk full, did a password change. Windows wait and are written later.',
  area: 'technical',
  about: 'pipeline',
  source: 'pipeline',
  alwaysNotifiesEnd: true,
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
