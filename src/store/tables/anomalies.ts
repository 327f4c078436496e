import { z } from 'zod'
import type { Anomaly } from '../../../detectors/types.ts'
import { ofAnomalies, timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { AnomalyRow, Store } from '../types.ts'
import { anomalyRow } from './anomaly-json.ts'
import { objectReader } from './checked.ts'
import { dateTime, type Table, viewOf } from './table.ts'

const columns = {
  id: ({ id }) => id,
  pipeline: ({ pipeline }) => pipeline,
  anomaly_type: ({ kind }) => kind,
  severity: ({ severity }) => severity,
  metric: ({ metric }) => metric,
  segment: ({ segment }) => segment,
  metric_value: ({ value }) => value,
  expected_value: ({ expected }) => expected,
  details: ({ details }) => details,
  window_start: ({ windowStart }) => dateTime(windowStart),
  window_end: ({ windowEnd }) => dateTime(windowEnd),
  detected_at: ({ detectedAt }) => dateTime(detectedAt),
  explained_by: ({ explainedBy }) => explainedBy.map(({ segment }) => segment),
  evidence: ({ evidence, explainedBy }) =>
    JSON.stringify({ ...evidence, ...(explainedBy.length > 0 && { segments: explainedBy }) }),
  config_hash: ({ configHash }) => configHash
} satisfies Table<Anomaly>['columns']

const anomalyTable = { name: 'anomalies_log', columns }

/** An anomaly as `realtime.anomalies` shows it in JSON. */
export const viewOfAnomaly = (anomaly: Anomaly): AnomalyRow => viewOf(anomalyTable, anomaly)

const readRow = objectReader('anomalies', anomalyRow)

const detection = z.tuple([z.string(), z.number()])

type AnomalyCalls = Pick<Store, 'insertAnomalies' | 'detections' | 'anomalies'>

export const anomalyCalls = ({ database, insert, select, selectObjects }: Requests): AnomalyCalls => ({
  insertAnomalies: anomalies => insert(anomalyTable, anomalies),

  async detections(pipeline, sinceMs) {
    const sql = `SELECT id, toUnixTimestamp64Milli(detected_at) FROM ${database}.anomalies_log FINAL
      WHERE pipeline = {pipeline:String} AND window_end >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')`
    const params = { pipeline, since: timeParam(sinceMs) }
    return new Map(await select(sql, params, line => detection.parse(JSON.parse(line))))
  },

  anomalies(filter) {
    const { where, limit, params } = ofAnomalies(filter)
    const sql = `SELECT * FROM ${database}.anomalies ${where} ORDER BY detected_at DESC, id ${limit}`
    return selectObjects(sql, params, readRow)
  }
})
