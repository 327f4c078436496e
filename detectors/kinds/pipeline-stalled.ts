import { english, isKey } from '../../src/language/translator.ts'
import { minuteMs } from '../../src/time/units.ts'
import { defineKind } from '../kind.ts'
import { lasting } from '../rules/options.ts'

/** Found in the state of the source, not in windows. */
export const pipelineStalled = defineKind({
  kind: 'pipeline_stalled',
  metric: 'lag',
  summary: 'Records are read more slowly than they arrive, or not at all.',
  adviceOn({ evidence }, t = english) {
    const key = `advice.stall.${evidence['cause']}`
    return isKey(key) ? t(key) : undefined
  },
  area: 'technical',
  about: 'pipeline',
  source: 'pipeline',
  inhibits: { symptomsOf: 'missing_events' },
  options: lasting(5 * minuteMs)
})
