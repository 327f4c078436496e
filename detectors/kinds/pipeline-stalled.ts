import { minuteMs } from '../../src/time/units.ts'
import { defineKind } from '../kind.ts'
import { checkLadder, enabled, ladder, section, severity } from '../rules/options.ts'
import { duration } from '../rules/units.ts'

/** Found in the state of the source, not in windows. */
export const pipelineStalled = defineKind({
  kind: 'pipeline_stalled',
  title: 'Pipeline stalled',
  metric: 'lag',
  summary: 'Records are read more slowly than they arrive, or not at all.',
  checkFirst:
    'Look at the brokers, the lag of the group and the partition named here. Until it moves, nothing else is noticed.',
  area: 'technical',
  about: 'pipeline',
  source: 'pipeline',
  inhibits: { symptomsOf: 'missing_events' },
  options: section(
    {
      enabled,
      after: duration.default(minuteMs),
      severity: severity('high'),
      raise_after: ladder(duration, { critical: 5 * minuteMs })
    },
    (value, issue) => checkLadder(issue, 'raise_after', value.severity, value.after, value.raise_after)
  ).transform(({ after, raiseAfter, ...rest }) => ({ ...rest, afterMs: after, raiseAfterMs: raiseAfter }))
})
