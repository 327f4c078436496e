import type { createSendFigures } from '../../delivery/send-figures.ts'
import type { DeliveryOptions } from '../../delivery/types.ts'
import type { InstanceMetrics } from '../../telemetry/metrics.ts'

/** Counts how sending goes, for the metrics and the status. */
export const countSends = (
  metrics: InstanceMetrics,
  figures: ReturnType<typeof createSendFigures>
): Pick<DeliveryOptions, 'onOutcome' | 'onAttempt'> => ({
  onOutcome({ receiver, outcome, latencyMs }) {
    figures.noteOutcome(outcome)
    metrics.addNotification(receiver, outcome)
    if (outcome === 'sent' && latencyMs !== null) metrics.observeNotification(receiver, latencyMs)
  },
  onAttempt(receiver, result, responseMs) {
    figures.noteTry(responseMs)
    metrics.addAttempt(receiver, result)
  }
})
