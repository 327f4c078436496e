import { minuteMs } from '../../src/time/units.ts'
import { defineKind } from '../kind.ts'
import { lasting } from '../rules/options.ts'

/** Found in the result of writes, not in windows. */
export const storeUnavailable = defineKind({
  kind: 'store_unavailable',
  metric: 'waiting_windows',
  summary: 'Nothing can be stored. Alerts continue, and windows wait in memory.',
  area: 'technical',
  about: 'pipeline',
  source: 'pipeline',
  alwaysNotifiesEnd: true,
  options: lasting(60 * minuteMs)
})
