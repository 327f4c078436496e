import { curveAt } from '../../producer/curve.ts'
import type { Plan } from '../../producer/plan.ts'
import { defaultShop, eventsPerSession, ordersPerSession } from '../../producer/shop.ts'

const minuteMs = 60_000
/** Of the evening before the program is stopped: it learns what is usual. */
export const eveningMinutes = 40
export const nightMinutes = 9 * 60
/** Of the plan, evening included; what comes behind the night is live. */
const planMinutes = eveningMinutes + nightMinutes + 24 * 60
/** The shop's clock at the start, in minutes of its day. */
const startMinute = 22 * 60 + 20
const outage = { afterMinutes: 3.5 * 60, lengthMinutes: 20 }

export interface Night {
  readonly plan: Plan
  readonly eveningEndMs: number
}

/** A shop from 22:20 of its own time on, with so many events between 23:00 and 8:00, and no payments from 2:30 to 2:50. */
export function nightOf(events: number, endMs: number, seed = 1): Night {
  const startMs = Math.floor(endMs / minuteMs) * minuteMs - (eveningMinutes + nightMinutes) * minuteMs
  const eveningEndMs = startMs + eveningMinutes * minuteMs
  const ofDay = startMinute - (Math.floor(startMs / minuteMs) % 1_440)
  const timezoneOffsetMinutes = ofDay > 720 ? ofDay - 1_440 : ofDay < -720 ? ofDay + 1_440 : ofDay
  let curve = 0
  for (let minute = 0; minute < nightMinutes; minute++)
    curve += curveAt(eveningEndMs + minute * minuteMs, timezoneOffsetMinutes)
  const ordersPerMinute = (events / curve / eventsPerSession) * ordersPerSession
  const beginMs = eveningEndMs + outage.afterMinutes * minuteMs
  return {
    plan: {
      seed,
      shop: { ...defaultShop, ordersPerMinute, timezoneOffsetMinutes },
      startMs,
      endMs: startMs + planMinutes * minuteMs,
      incidents: [
        {
          kind: 'payment_outage',
          startMs: beginMs,
          endMs: beginMs + outage.lengthMinutes * minuteMs,
          depth: 1
        }
      ]
    },
    eveningEndMs
  }
}
