import { botEventsPerSession } from '../../../producer/bot.ts'
import type { MinuteLevel } from '../../../producer/level.ts'
import { poisson, type Uniform } from '../../../producer/random.ts'
import { eventsPerSession } from '../../../producer/shop.ts'
import { binomial } from '../binomial.ts'

/** A bot is there for some 45 s: a visit in nearly two minutes, half of its events in the minute it starts in. */
export function botTotals(
  uniform: Uniform,
  level: MinuteLevel,
  depth: number
): { events: number; visits: number } {
  if (depth <= 0) return { events: 0, visits: 0 }
  const rate = (level.expectedSessions * eventsPerSession * depth) / botEventsPerSession
  const started = poisson(uniform, rate)
  const visits = started + binomial(uniform, started, 0.7)
  const events = poisson(uniform, ((started + rate) / 2) * botEventsPerSession)
  return { events: Math.max(visits, events), visits }
}
