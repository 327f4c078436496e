import { type OperatorAction, operatorAction } from '../../incident/types.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { stateReader } from './checked.ts'
import { dateTime, maybeDateTime, type Table } from './table.ts'

const columns = {
  id: ({ id }) => id,
  pipeline: ({ pipeline }) => pipeline,
  action: ({ action }) => action,
  at: ({ at }) => dateTime(at),
  by: ({ by }) => by,
  via: ({ via }) => via,
  incident_id: ({ incidentId }) => incidentId,
  silence_id: ({ silence }) => silence?.id ?? null,
  silence_ends_at: ({ silence }) => maybeDateTime(silence?.endsAt ?? null),
  reason: ({ silence, label }) => silence?.reason ?? label?.reason ?? '',
  state: action => JSON.stringify(action)
} satisfies Table<OperatorAction>['columns']

export const actionTable = { name: 'actions', columns }

/** An action out of a line of its id and its `state`. */
export const readAction = stateReader(actionTable.name, operatorAction, stored => stored)

type ActionCalls = Pick<Store, 'insertActions' | 'actions'>

export const actionCalls = ({ database, write, select }: Requests): ActionCalls => ({
  // Every instance writes what people did, whether it is at work or not, and ahead of rows that wait.
  insertActions: actions => write(actionTable, actions),

  actions(pipeline, sinceMs) {
    const sql = `SELECT id, state FROM ${database}.actions FINAL
      WHERE pipeline = {pipeline:String}
        AND (at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
          OR silence_id IN (
            SELECT silence_id FROM ${database}.actions WHERE pipeline = {pipeline:String}
              AND silence_ends_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')))
      ORDER BY at, id`
    return select(sql, { pipeline, since: timeParam(sinceMs) }, readAction)
  }
})
