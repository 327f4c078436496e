import { isOfPipeline } from '../../detectors/kind-of.ts'
import { isAbove } from '../../detectors/rules/severity.ts'
import type { Anomaly, Verdict } from '../../detectors/types.ts'
import { type IncidentTable, keyOf } from './incident-table.ts'
import { type LifecycleRules, observe } from './lifecycle.ts'
import type { StoredIncident } from './types.ts'

/** The incidents that a window concerns, in their new states. */
export interface Observed {
  readonly ended: readonly StoredIncident[]
  /** Open ones, changed or not. */
  readonly open: readonly StoredIncident[]
}

/** A verdict of the pipeline about itself; all others are on windows of the stream. */
export function isSelfCheck({ judged }: Verdict, anomalies: readonly Anomaly[]): boolean {
  const kinds = [...judged, ...anomalies.map(({ kind }) => kind)]
  return kinds.length > 0 && kinds.every(isOfPipeline)
}

/** The states of incidents after a verdict. `anomalies` are those of its findings. */
export function observeWindow(
  { byKey }: IncidentTable,
  verdict: Verdict,
  anomalies: readonly Anomaly[],
  rules: LifecycleRules
): Observed {
  const { windowStart, windowEnd, judged, over, isGap = false } = verdict
  const ofPipeline = isSelfCheck(verdict, anomalies)
  // What the pipeline finds about itself never flaps: its windows are of no fixed length.
  const lifecycle = ofPipeline ? { ...rules, flapping: null } : rules
  const found = mostSevereByKey(anomalies)
  const ended: StoredIncident[] = []
  const open: StoredIncident[] = []
  for (const key of new Set([...byKey.keys(), ...found.keys()])) {
    const before = byKey.get(key)
    const anomaly = found.get(key)
    const kind = anomaly?.kind ?? before?.kind ?? ''
    if (isOfPipeline(kind) !== ofPipeline) continue
    const isOver = over !== undefined
    const observation = { windowStart, windowEnd, judged: judged.includes(kind), anomaly, isOver, isGap }
    const after = observe(before, observation, lifecycle)
    if (after?.status === 'open') open.push(after)
    else if (after && before?.status === 'open') ended.push(after)
  }
  return { ended, open }
}

function mostSevereByKey(anomalies: readonly Anomaly[]): Map<string, Anomaly> {
  const mostSevere = new Map<string, Anomaly>()
  for (const anomaly of anomalies) {
    const key = keyOf(anomaly)
    const other = mostSevere.get(key)
    if (!other || isAbove(anomaly.severity, other.severity)) mostSevere.set(key, anomaly)
  }
  return mostSevere
}
