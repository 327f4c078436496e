import { minuteMs } from '../../src/time/units.ts'
import { defineKind } from '../kind.ts'
import { lasting } from '../rules/options.ts'

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
  options: lasting(5 * minuteMs)
})
