import type { Anomaly } from '../../detectors/types.ts'
import type { Logger } from '../telemetry/types.ts'
import { minuteMs } from '../time/units.ts'

/** An anomaly is found again at every close while it lasts; after this long without one, it is a new one. */
const gapMs = 30 * minuteMs

/**
 * Warns of an anomaly once per run of its kind and segment, and again at another severity; the rest is for debugging.
 * `incidentId` is that of the incident that it belongs to.
 */
export function createLogOnce(log: Logger): (anomaly: Anomaly, incidentId?: string) => void {
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

  return function logOnce(anomaly, incidentId) {
    const { pipeline, kind, segment, severity, windowEnd, details } = anomaly
    const fields = {
      component: 'detection',
      pipeline,
      ...(incidentId !== undefined && { correlation_id: incidentId }),
      kind,
      segment,
      severity,
      window_end: new Date(windowEnd).toISOString()
    }
    log[isNew(anomaly) ? 'warn' : 'debug'](fields, details)
  }
}
