import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { eventsOf } from '../../producer/events.ts'
import { demoPlan, type Plan } from '../../producer/plan.ts'
import type { Clock } from '../telemetry/clock.ts'
import { dayMs, minuteMs } from '../time/units.ts'

/** The plan of a seed, its event times in the day before `nowMs`, so that they lie in the past. */
export function recentPlan(seed: number, nowMs: number): Plan {
  const plan = demoPlan(seed, 0)
  const startMs = Math.floor((nowMs - (plan.endMs - plan.startMs)) / minuteMs - 2) * minuteMs
  return demoPlan(seed, startMs)
}

/** The plan of a seed on a fixed day, so that it comes out the same whenever it runs. */
export const fixedPlan = (seed: number): Plan => demoPlan(seed, 20_000 * dayMs + 570 * minuteMs)

export interface PlayerOptions {
  readonly plan: Plan
  /** Wall time to a minute of event time. */
  readonly paceMs: number
  readonly clock: Clock
  readonly take: (line: string, lineNumber: number) => void
  /** Gets the event time that was reached. */
  readonly onMinute: (eventTime: number, lines: number) => void
}

/**
 * Hands over each line in order, at its pace; other work gets its turn at every minute. Each call goes on from where the
 * one before it ended, up to an event time or to the end of the plan.
 */
export function createPlayer({ plan, paceMs, clock, take, onMinute }: PlayerOptions) {
  const events = eventsOf(plan)[Symbol.iterator]()
  let next = events.next()
  let lines = 0
  let minute = plan.startMs

  return async function play(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    const [begun, beginning] = [clock.now(), minute]
    while (next.done !== true && next.value.arrivalMs < untilMs) {
      while (next.value.arrivalMs >= minute + minuteMs) {
        minute += minuteMs
        onMinute(minute, lines)
        const due = begun + ((minute - beginning) / minuteMs) * paceMs
        if (due > clock.now()) await sleep(due - clock.now())
        else await turn()
      }
      take(next.value.line, ++lines)
      next = events.next()
    }
  }
}
