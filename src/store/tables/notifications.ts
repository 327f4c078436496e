import { z } from 'zod'
import { formatReason, parseReason } from '../../incident/reason.ts'
import { type NotificationRecord, notificationState } from '../../incident/types.ts'
import { ofNotifications, timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { anomalyOfStored, storedAnomaly } from './anomaly-json.ts'
import { stateReader } from './checked.ts'
import { versioned } from './json-version.ts'
import { fromStored, toStored } from './stored-keys.ts'
import { dateTime, type Table, viewOf } from './table.ts'

const keys = { inhibits: 'explains', messageRef: 'receipt' } as const

const columns = {
  id: ({ id }) => id,
  pipeline: ({ pipeline }) => pipeline,
  incident_id: ({ incidentId }) => incidentId,
  receiver: ({ receiver }) => receiver,
  action: ({ action }) => action,
  kind: ({ kind }) => kind,
  segment: ({ segment }) => segment,
  severity: ({ severity }) => severity,
  dedup_key: ({ dedupKey }) => dedupKey,
  anomaly_ids: ({ anomalies }) => anomalies.map(({ id }) => id),
  reason: ({ reason }) => formatReason(reason),
  decided_at: ({ decidedAt }) => dateTime(decidedAt),
  outcome: ({ outcome }) => outcome,
  attempts: ({ attempts }) => attempts,
  answer: ({ answer }) => answer,
  latency_ms: ({ latencyMs }) => latencyMs,
  request_id: ({ requestId }) => requestId,
  updated_at: ({ updatedAt }) => dateTime(updatedAt),
  state: ({ chart: _, ...record }) => toStored({ ...record, reason: formatReason(record.reason) }, keys)
} satisfies Table<NotificationRecord>['columns']

export const notificationTable = { name: 'notifications', columns }

/** The columns of `realtime.notifications`. */
export const viewOfNotification = (record: NotificationRecord) => versioned(viewOf(notificationTable, record))

const { inhibits, messageRef } = notificationState.shape

/** What earlier versions did not write is optional. */
const storedNotification = notificationState
  .omit({ inhibits: true, messageRef: true })
  .partial({ incident: true, recent: true, requestId: true, latencyMs: true })
  .extend({
    anomalies: z.array(storedAnomaly),
    reason: z.string(),
    explains: inhibits.optional(),
    receipt: messageRef.optional()
  })

/** A record out of a line of its id and its `state`. */
export const readNotification = stateReader(
  notificationTable.name,
  storedNotification,
  (state): NotificationRecord => {
    const stored = fromStored(state, keys)
    return {
      ...stored,
      anomalies: stored.anomalies.map(anomalyOfStored),
      reason: parseReason(stored.reason),
      incident: stored.incident ?? null,
      recent: stored.recent ?? [],
      inhibits: stored.inhibits ?? [],
      messageRef: stored.messageRef ?? null,
      requestId: stored.requestId ?? null,
      latencyMs: stored.latencyMs ?? null
    }
  }
)

type NotificationCalls = Pick<Store, 'insertNotifications' | 'notifications' | 'findNotifications'>

export const notificationCalls = ({ database, insert, select }: Requests): NotificationCalls => ({
  insertNotifications: records => insert(notificationTable, records),

  notifications(pipeline, sinceMs) {
    const sql = `SELECT id, state FROM ${database}.notifications FINAL
      WHERE pipeline = {pipeline:String} AND decided_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
      ORDER BY decided_at, id`
    return select(sql, { pipeline, since: timeParam(sinceMs) }, readNotification)
  },

  findNotifications(filter) {
    const { where, limit, params } = ofNotifications(filter)
    const sql = `SELECT id, state FROM ${database}.notifications FINAL ${where}
      ORDER BY decided_at DESC, id ${limit}`
    return select(sql, params, readNotification)
  }
})
