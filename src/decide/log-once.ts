import type { Anomaly } from '../../detectors/types.ts'
import { minuteMs } from '../time/units.ts'

/** An anomaly is found again at every close while it lasts; after this long without, it is another one. */
const gapMs = 30 * minuteMs

/** Tells whether an anomaly is news: not the next of a run of its kind and segment, or of another severity. */
export function createNews(): (anomaly: Anomaly) => boolean {
  const last = new Map<string, Anomaly>()
  return function isNews(anomaly) {
    const name = `${anomaly.kind} ${anomaly.segment}`
    const before = last.get(name)
    last.set(name, anomaly)
    return (
      before === undefined ||
      before.severity !== anomaly.severity ||
      anomaly.windowEnd - before.windowEnd > gapMs
    )
  }
}
