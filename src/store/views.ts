import type { Anomaly } from '../../detectors/types.ts'
import type { NotificationRecord, StoredIncident } from '../incident/types.ts'
import { anomalyRow } from './anomaly-row.ts'
import {
  anomalyRows,
  incidentRows,
  notificationRows,
  type Row,
  rowOfAnomaly,
  rowOfIncident,
  rowOfNotification,
  type TableRows
} from './rows.ts'
import type { AnomalyRow } from './types.ts'

/** An incident or a notification as JSON: the columns of its table, times as ISO 8601 UTC strings. */
type View = Readonly<Record<string, Row[number]>>

/** An anomaly as `realtime.anomalies` shows it in JSON. */
export const viewOfAnomaly = (anomaly: Anomaly): AnomalyRow =>
  anomalyRow.parse(viewOf(anomalyRows, rowOfAnomaly(anomaly)))

/** The columns of `realtime.incidents`, how it was acknowledged, and what its last anomaly says. */
export function viewOfIncident(incident: StoredIncident): View {
  const { acknowledged, lastAnomaly } = incident
  return {
    ...viewOf(incidentRows, rowOfIncident(incident)),
    acknowledged_via: acknowledged?.via ?? null,
    metric: lastAnomaly.metric,
    details: lastAnomaly.details
  }
}

/** The columns of `realtime.notifications`. */
export const viewOfNotification = (record: NotificationRecord): View =>
  viewOf(notificationRows, rowOfNotification(record))

function viewOf({ columns }: TableRows, cells: Row): View {
  const shown = columns.map((column, at) => [column, jsonCell(column, cells[at] ?? null)] as const)
  return Object.fromEntries(shown.filter(([column]) => column !== 'state'))
}

/** Columns of a time, and of nothing else. */
const isTime = (column: string): boolean => /(^|_)at$|^window_(start|end)$|_window_end$/.test(column)

function jsonCell(column: string, cell: Row[number]): Row[number] {
  return typeof cell === 'string' && isTime(column) ? `${cell.replace(' ', 'T')}Z` : cell
}
