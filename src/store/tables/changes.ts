import { z } from 'zod'
import { changeKinds, changeVias } from '../../incident/change.ts'
import type { Change } from '../../incident/changes.ts'
import { timeParam } from '../conditions.ts'
import type { Requests } from '../requests.ts'
import type { Store } from '../types.ts'
import { versioned } from './json-version.ts'
import { dateTime, type Table, viewOf } from './table.ts'

const columns = {
  id: ({ id }) => id,
  pipeline: ({ pipeline }) => pipeline,
  at: ({ at }) => dateTime(at),
  kind: ({ kind }) => kind,
  what: ({ what }) => what,
  by: ({ by }) => by,
  via: ({ via }) => via,
  link: ({ link }) => link
} satisfies Table<Change>['columns']

const changeTable = { name: 'changes', columns }

/** The columns of `realtime.changes`. */
export const viewOfChange = (change: Change) => versioned(viewOf(changeTable, change))

const line = z.tuple([
  z.string(),
  z.number(),
  z.enum(changeKinds),
  z.string(),
  z.string(),
  z.enum(changeVias),
  z.string().nullable()
])

type ChangeCalls = Pick<Store, 'insertChanges' | 'changes'>

export const changeCalls = ({ database, write, select }: Requests): ChangeCalls => ({
  // As what people did: every instance writes it, ahead of rows that wait.
  insertChanges: changes => write(changeTable, changes),

  changes(pipeline, fromMs, toMs = Number.POSITIVE_INFINITY) {
    const sql = `SELECT id, toUnixTimestamp64Milli(at), kind, what, by, via, link FROM ${database}.changes FINAL
      WHERE pipeline = {pipeline:String}
        AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      ORDER BY at, id`
    return select(sql, { pipeline, from: timeParam(fromMs), to: timeParam(toMs) }, (text): Change => {
      const [id, at, kind, what, by, via, link] = line.parse(JSON.parse(text))
      return { id, pipeline, at, kind, what, by, via, link }
    })
  }
})
