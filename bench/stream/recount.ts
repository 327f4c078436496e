/** What an offline recount finds in a minute, by its start in milliseconds. Revenue in ten-thousandths. */
export interface Minute {
  events: number
  revenue: number
  readonly orders: Set<string>
  readonly visits: Set<string>
}
export type Recount = ReadonlyMap<number, Minute>

const minuteMs = 60_000

/** Counts events from their text, by code that shares nothing with the program. */
export function createRecount() {
  const minutes = new Map<number, Minute>()
  return {
    minutes: minutes as Recount,
    add(line: string): void {
      const event = JSON.parse(line)
      const start = Math.floor(Date.parse(event.event_time) / minuteMs) * minuteMs
      const minute = minutes.get(start) ?? { events: 0, revenue: 0, orders: new Set(), visits: new Set() }
      minutes.set(start, minute)
      minute.events += 1
      minute.visits.add(event.session_id)
      if (event.event_type !== 'purchase') return
      minute.orders.add(event.order_id)
      minute.revenue += Math.round((event.price ?? 0) * 10_000) * (event.quantity ?? 1)
    }
  }
}
