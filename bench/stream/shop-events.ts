import { eventsOf } from '../../producer/events.ts'
import { scenarioPlan } from '../../producer/plan.ts'
import { uniformOf } from '../../producer/random.ts'

/** One event as it is sent. */
export interface Line {
  readonly key: string
  readonly value: string
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const ordersPerMinute = 160
const valuesOfField = 100

/** The name of a field of an event's own, from 1 on. */
export const fieldOf = (number: number): string => `field_${number}`

/**
 * The first `count` events of a steady shop, about 3,000 a minute of event time; each with so many `fields` more, of a
 * hundred values each.
 */
export function* shopEvents(count: number, fields: number): Generator<Line> {
  const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - dayMs
  const shop = { ordersPerMinute }
  const plan = scenarioPlan({ scenario: 'steady', seed: 1, startMs, durationMs: dayMs, shop })
  const uniform = uniformOf(1, 'fields')
  let left = count
  for (const { sessionId, line } of eventsOf(plan)) {
    if (left === 0) return
    left -= 1
    const more = Array.from(
      { length: fields },
      (_, index) => `,"${fieldOf(index + 1)}":"value-${Math.floor(uniform() * valuesOfField)}"`
    )
    yield { key: sessionId, value: fields === 0 ? line : `${line.slice(0, -1)}${more.join('')}}` }
  }
}
