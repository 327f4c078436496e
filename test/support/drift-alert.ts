import type { Anomaly } from '../../detectors/types.ts'
import { anomalyOfServiceAlert } from '../../src/incident/service-alert.ts'
import { readAlert } from '../../src/intake/format.ts'
import { saidBy } from '../../src/intake/service-alert-of.ts'
import { epoch } from './alerts.ts'

/** An alert of another service, as it sends it. */
export const driftAlert = {
  kind: 'drift',
  model_id: 'ranker-7',
  model_name: 'Ranker',
  metric: 'psi',
  current_value: 0.31,
  baseline_value: 0.1,
  threshold: 0.2,
  drift_percentage: 210,
  severity: 'warning'
} as const

/** The anomaly that an alert of another service becomes, as it is sent. */
export function anomalySent(sent: object): Anomaly {
  const read = readAlert({ timestamp: '2026-11-21T09:59:00Z', ...sent })
  if (read.kind === 'wrong') throw new Error(read.message)
  const said = saidBy(read.alert, epoch)
  return anomalyOfServiceAlert({ ...said, id: 'a', pipeline: 'shop', at: epoch, incidentId: 'i' }, 'abc')
}
