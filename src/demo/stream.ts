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

/**
 * Hands over each line in order, `paceMs` of wall time to a minute of event time; other work gets its turn at every
 * minute. `onMinute` gets the event time that was reached.
 */
export async function play(
  plan: Plan,
  paceMs: number,
  clock: Clock,
  take: (line: string, lineNumber: number) => void,
  onMinute: (eventTime: number, lines: number) => void
): Promise<void> {
  const begun = clock.now()
  let lines = 0
  let minute = plan.startMs
  for (const { line, arrivalMs } of eventsOf(plan)) {
    while (arrivalMs >= minute + minuteMs) {
      minute += minuteMs
      onMinute(minute, lines)
      const due = begun + ((minute - plan.startMs) / minuteMs) * paceMs
      if (due > clock.now()) await sleep(due - clock.now())
      else await turn()
    }
    take(line, ++lines)
  }
}
