import type { LabelVerdict } from '../../incident/label.ts'
import { latestLabels } from '../../incident/labels.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { readAction } from './actions.ts'
import { readIncident } from './incidents.ts'

type LabelCalls = Pick<Store, 'labels' | 'expectedIncidents'>

const expected: LabelVerdict = 'expected'

/** What people said of incidents: actions among others. */
export const labelCalls = ({ database, select }: Requests): LabelCalls => ({
  async labels(pipeline) {
    const ofPipeline = pipeline === undefined ? '' : 'AND pipeline = {pipeline:String}'
    const sql = `SELECT id, state FROM ${database}.actions FINAL
      WHERE action = 'label' ${ofPipeline} ORDER BY at, id`
    return latestLabels(await select(sql, pipeline === undefined ? {} : { pipeline }, readAction))
  },

  expectedIncidents(pipeline, sinceMs) {
    const sql = `SELECT id, state FROM ${database}.incidents FINAL
      WHERE pipeline = {pipeline:String}
        AND (status = 'open' OR last_window_end >= fromUnixTimestamp64Milli({since:Int64}, 'UTC'))
        AND id IN (
          SELECT ifNull(incident_id, '') FROM ${database}.actions FINAL
          WHERE pipeline = {pipeline:String} AND action = 'label' GROUP BY incident_id
          HAVING argMax(JSONExtractString(state, 'label', 'verdict'), (at, id)) = {expected:String})
      ORDER BY opened_at, id`
    return select(sql, { pipeline, since: timeParam(sinceMs), expected }, readIncident)
  }
})
