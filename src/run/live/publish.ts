import type { Decision } from '../../decide/decision.ts'
import { createLogOnce } from '../../decide/log-once.ts'
import type { StoreWriter } from '../../decide/store-writer.ts'
import type { LiveOptions } from './types.ts'

/** Hands a decision to the store, the log, and the delivery, which waits a moment for the store before it sends. */
export function createPublish(
  { delivery, log, metrics }: LiveOptions,
  writer: StoreWriter
): (decision: Decision) => void {
  const logOnce = createLogOnce(log)
  return function publish(decision) {
    const { anomalies, incidents, notifications } = decision
    const stored = writer.push(decision)
    for (const anomaly of anomalies) {
      metrics.addAnomaly(anomaly.kind, anomaly.severity)
      logOnce(anomaly)
    }
    delivery.enqueue(notifications, stored)
    for (const { id, status, silencedBy } of incidents)
      if (status === 'resolved' || silencedBy !== null) delivery.resolveRerouted(id)
  }
}
