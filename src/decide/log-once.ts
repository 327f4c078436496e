import type { Anomaly } from '../../detectors/types.ts'
import type { Logger } from '../telemetry/types.ts'
import { minuteMs } from '../time/units.ts'

/** An anomaly is found again at every close while it lasts; after this long without one, it is a new one. */
const gapMs = 30 * minuteMs

/** Warns of an anomaly once per run of its kind and segment, and again at another severity; the rest is for debugging. */
export function createLogOnce(log: Logger): (anomaly: Anomaly) => void {
  const last = new Map<string, Anomaly>()

  function isNew(anomaly: Anomaly): boolean {
    const name = `${anomaly.kind} ${anomaly.segment}`
    const before = last.get(name)
    last.set(name, anomaly)
    return (
      before === undefined ||
      before.severity !== anomaly.severity ||
      anomaly.windowEnd - before.windowEnd > gapMs
    )
  }

  return function logOnce(anomaly) {
    const { kind, severity, windowEnd, details } = anomaly
    const fields = { kind, severity, window_end: new Date(windowEnd).toISOString() }
    log[isNew(anomaly) ? 'warn' : 'debug'](fields, details)
  }
}
