import { readNotification } from '../../../src/store/tables/notifications.ts'
import { nameOfRecord } from './messages.ts'

/** When the store answered that a message to Slack is recorded as sent, by the message's name. */
export interface Records {
  /** Takes a statement that the store has answered. */
  answered(sql: string, at: number): void
  recordedAt(name: string): number | undefined
}

const format = 'FORMAT JSONCompactEachRow'
const columnsOf = (sql: string) =>
  /^INSERT INTO realtime\.notifications \(([^)]*)\)/.exec(sql)?.[1]?.split(', ')

export function createRecords(): Records {
  const recorded = new Map<string, number>()
  return {
    answered(sql, at) {
      const state = columnsOf(sql)?.indexOf('state')
      if (state === undefined || state < 0) return
      const rows = sql.slice(sql.indexOf(format) + format.length)
      for (const line of rows.split('\n').filter(one => one !== '')) {
        const row = JSON.parse(line) as unknown[]
        const record = readNotification(JSON.stringify([row[0], row[state]]))
        // PagerDuty is told the same under keys of its own.
        if (record.outcome !== 'sent' || record.receiver !== 'slack') continue
        const name = nameOfRecord(record)
        if (!recorded.has(name)) recorded.set(name, at)
      }
    },
    recordedAt: name => recorded.get(name)
  }
}
