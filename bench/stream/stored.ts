import type { Endpoint } from '../../src/store/embedded/endpoint.ts'
import type { Recount } from './recount.ts'

/** The newest windows stay open, for no later event closes them. */
export const openAtEnd = 2

/** How many windows equal the recount in every value compared; rejects with those that do not. */
export async function compareStored(engine: Endpoint, pipeline: string, recount: Recount): Promise<number> {
  const rows = await storedRows(engine, pipeline)
  const wrong: string[] = []
  for (const [start, expected] of [...recount].sort(([a], [b]) => a - b).slice(0, -openAtEnd)) {
    const wanted = {
      events: expected.events,
      revenue: expected.revenue,
      orders: expected.orders.size,
      visits: expected.visits.size
    }
    for (const [metric, value] of Object.entries(wanted)) {
      const stored = rows.get(`${metric} ${start}`)
      const counted = metric === 'revenue' && stored !== undefined ? Math.round(stored * 10_000) : stored
      if (counted !== value)
        wrong.push(`${metric} ${new Date(start).toISOString()}: ${counted}, not ${value}`)
    }
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} rows differ from the recount:\n${wrong.join('\n')}`)
  return recount.size - openAtEnd
}

async function storedRows(
  { url, user, password }: Endpoint,
  pipeline: string
): Promise<ReadonlyMap<string, number>> {
  const sql = `SELECT metric, toUnixTimestamp64Milli(window_start), numerator FROM realtime.windows
    WHERE pipeline = '${pipeline}' AND segment = 'all' AND metric IN ('events', 'revenue', 'orders', 'visits')
    FORMAT TabSeparated`
  const headers = { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password }
  const answer = await fetch(url, { method: 'POST', body: sql, headers })
  const said = await answer.text()
  if (!answer.ok) throw new Error(said)
  const rows = said
    .trimEnd()
    .split('\n')
    .map(row => row.split('\t'))
  return new Map(rows.map(([metric, start, numerator]) => [`${metric} ${start}`, Number(numerator)]))
}
