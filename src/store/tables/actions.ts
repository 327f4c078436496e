import { z } from 'zod'
import type { OperatorAction } from '../../incident/types.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { severitySchema } from './anomaly-json.ts'
import { stateReader } from './checked.ts'
import { viaSchema } from './incidents.ts'
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
  reason: ({ silence }) => silence?.reason ?? '',
  state: action => JSON.stringify(action)
} satisfies Table<OperatorAction>['columns']

export const actionTable = { name: 'actions', columns }

const names = z.array(z.string()).nullable()

const storedAction = z.object({
  id: z.string(),
  pipeline: z.string(),
  action: z.enum({
    acknowledge: 'acknowledge',
    silence: 'silence',
    end_silence: 'end_silence'
  } satisfies { [Action in OperatorAction['action']]: Action }),
  at: z.number(),
  by: z.string(),
  via: viaSchema,
  incidentId: z.string().nullable(),
  severity: severitySchema.nullable(),
  silence: z
    .object({
      id: z.string(),
      matchers: z.object({
        kinds: names,
        severities: z.array(severitySchema).nullable(),
        segments: names,
        pipelines: names,
        labels: z.record(z.string(), z.array(z.string()))
      }),
      by: z.string(),
      reason: z.string(),
      startsAt: z.number(),
      endsAt: z.number()
    })
    .nullable()
})

/** An action out of a line of its id and its `state`. */
export const readAction = stateReader(actionTable.name, storedAction, (stored): OperatorAction => stored)

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
