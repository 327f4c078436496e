import { z } from 'zod'
import type { Requests } from '../requests.ts'
import type { LearnedCurrency, Store } from '../types.ts'
import { dateTime, type Table } from './table.ts'

interface Learned {
  readonly pipeline: string
  readonly name: 'currency'
  readonly value: string
  readonly details: string
  readonly at: number
}

const columns = {
  pipeline: ({ pipeline }) => pipeline,
  name: ({ name }) => name,
  value: ({ value }) => value,
  details: ({ details }) => details,
  learned_at: ({ at }) => dateTime(at)
} satisfies Table<Learned>['columns']

const learnedTable: Table<Learned> = { name: 'learned', columns }

const line = z.tuple([z.string(), z.string(), z.number()])

function readCurrencyLine(text: string): LearnedCurrency {
  const [code, details, at] = line.parse(JSON.parse(text))
  return { code, details, at }
}

export const learnedCalls = ({
  database,
  insert,
  select
}: Requests): Pick<Store, 'learnedCurrency' | 'insertLearnedCurrency'> => ({
  insertLearnedCurrency: (pipeline, { code, details, at }) =>
    insert(learnedTable, [{ pipeline, name: 'currency', value: code, details, at }]),

  async learnedCurrency(pipeline) {
    // The first one: two instances may have learned it, and windows were counted in it.
    const sql = `SELECT value, details, toUnixTimestamp64Milli(learned_at) FROM ${database}.learned
      WHERE pipeline = {pipeline:String} AND name = 'currency' ORDER BY learned_at, value LIMIT 1`
    const [first] = await select(sql, { pipeline }, readCurrencyLine)
    return first
  }
})
