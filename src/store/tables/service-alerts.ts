import { z } from 'zod'
import { rateKeyOf, type ServiceAlert, serviceAlert } from '../../incident/service-alert.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { KnownServiceAlerts, Store } from '../types.ts'
import { stateReader } from './checked.ts'
import { dateTime, type Table } from './table.ts'

const columns = {
  id: ({ id }) => id,
  pipeline: ({ pipeline }) => pipeline,
  kind: ({ kind }) => kind,
  segment: ({ segment }) => segment,
  severity: ({ severity }) => severity,
  status: ({ status }) => status,
  at: ({ at }) => dateTime(at),
  occurred_at: ({ occurredAt }) => dateTime(occurredAt),
  rate_key: rateKeyOf,
  incident_id: ({ incidentId }) => incidentId,
  details: ({ details }) => details,
  state: alert => JSON.stringify(alert)
} satisfies Table<ServiceAlert>['columns']

const serviceAlertTable = { name: 'service_alerts', columns }

const readServiceAlert = stateReader(serviceAlertTable.name, serviceAlert, stored => stored)
const idLine = z.tuple([z.string(), z.string()])
const latestLine = z.tuple([z.string(), z.string(), z.string(), z.string(), z.number()])
const rateLine = z.tuple([z.string(), z.number()])

type ServiceAlertCalls = Pick<
  Store,
  'insertServiceAlerts' | 'unseenServiceAlerts' | 'knownServiceAlerts' | 'serviceAlertTimes'
>

export const serviceAlertCalls = ({ database, write, select }: Requests): ServiceAlertCalls => ({
  // Whoever accepts one writes it, at work or not.
  insertServiceAlerts: alerts => write(serviceAlertTable, alerts),

  unseenServiceAlerts(pipeline, sinceMs) {
    const sql = `SELECT id, state FROM ${database}.service_alerts AS alerts FINAL
      LEFT JOIN (
        SELECT kind, segment, max(last_window_end) AS seen FROM ${database}.incidents FINAL
        WHERE pipeline = {pipeline:String} AND last_window_end >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
        GROUP BY kind, segment
      ) AS incidents USING (kind, segment)
      WHERE pipeline = {pipeline:String}
        AND at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND at > seen
      ORDER BY at, id LIMIT 10000`
    return select(sql, { pipeline, since: timeParam(sinceMs) }, readServiceAlert)
  },

  async knownServiceAlerts(pipeline, ids, conditions): Promise<KnownServiceAlerts> {
    const duplicates =
      ids.length === 0
        ? []
        : await select(
            `SELECT id, incident_id FROM ${database}.service_alerts FINAL
        WHERE pipeline = {pipeline:String} AND id IN {ids:Array(String)}`,
            { pipeline, ids: [...ids] },
            line => idLine.parse(JSON.parse(line))
          )
    const latest = await select(
      `SELECT kind, segment, argMax(status, at) AS last_status, argMax(incident_id, at) AS last_incident,
          toUnixTimestamp64Milli(max(at)) AS last_at
        FROM ${database}.service_alerts FINAL
        WHERE pipeline = {pipeline:String}
          AND (kind, segment) IN (SELECT * FROM format(JSONCompactEachRow, 'kind String, segment String', {conditions:String}))
        GROUP BY kind, segment
        HAVING last_status = 'firing' AND last_incident NOT IN (
          SELECT id FROM ${database}.incidents FINAL WHERE pipeline = {pipeline:String} AND status = 'resolved')`,
      { pipeline, conditions: conditions.map(one => JSON.stringify([one.kind, one.segment])).join('\n') },
      line => latestLine.parse(JSON.parse(line))
    )
    return {
      incidentOf: new Map(duplicates),
      open: latest.map(([kind, segment, , incidentId, at]) => ({ kind, segment, incidentId, at }))
    }
  },

  serviceAlertTimes: (pipeline, sinceMs) =>
    select(
      `SELECT rate_key, toUnixTimestamp64Milli(at) FROM ${database}.service_alerts FINAL
        WHERE pipeline = {pipeline:String} AND at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
        ORDER BY at LIMIT 100000`,
      { pipeline, since: timeParam(sinceMs) },
      line => rateLine.parse(JSON.parse(line))
    )
})
