import { z } from 'zod'
import { dayMs, hourMs, minuteMs } from '../../src/time/units.ts'
import { part, section } from '../rules/options.ts'
import { duration } from '../rules/units.ts'
import { seasons } from './seasonal-profile.ts'

const ms = (fallback: number) => duration.default(fallback)

/** What all baselines have in common: `detectors.baseline`. */
export const baselineSchema = section(
  {
    /** Windows of history before anything is judged. */
    warm_up: ms(45 * minuteMs),
    /** How far a level, and a rate or a mean amount, is believed to stray until it is learned. */
    level_spread: part(0.1),
    rate_spread: part(0.06),
    least_level_spread: part(0.04),
    /** Windows of a finding do not train for this long at most. */
    exclude_for: ms(6 * hourMs),
    /** Unless it is critical, a level that lasts this long is the new one: of a finding, and of one that is low. */
    believe_after: ms(hourMs),
    believe_low_after: ms(10 * minuteMs),
    /** Windows that look odd, but are no finding (yet), do not train for this long at most. */
    suspect_for: ms(hourMs),
    /** What days are compared with: others, those of the same weekday, or both. */
    season: z.enum(seasons).default('both'),
    /** Days of the same time of day that are remembered, and what is pooled on either side. */
    days: z.int().min(1).max(35).default(21),
    pooled: ms(30 * minuteMs),
    /** How far a day's level usually is from the others', and may jump at midnight. */
    usual_spread: part(0.15),
    day_step: part(0.15),
    /** How fast a level comes back to the usual one of its time of day. */
    level_memory: ms(4 * hourMs),
    /** Before the day's curve is known: how far the level wanders in an hour. */
    wander_per_hour: part(0.14),
    /** How far a rate or a mean amount wanders in an hour. */
    rate_wander_per_hour: part(0.04),
    /** Before the day's curve is known: how steep it may be. */
    slope_per_hour: part(0.45),
    slope_memory: ms(2 * hourMs),
    /** Memory of spreads and dispersions. */
    memory: ms(3 * dayMs)
  },
  ({ level_spread, rate_spread, least_level_spread }, issue) => {
    if (least_level_spread > Math.min(level_spread, rate_spread))
      issue(['least_level_spread'], 'at most level_spread and rate_spread')
  }
).transform(
  ({
    warmUp,
    excludeFor,
    believeAfter,
    believeLowAfter,
    suspectFor,
    pooled,
    levelMemory,
    slopeMemory,
    memory,
    ...rest
  }) => ({
    ...rest,
    warmupMs: warmUp,
    excludeMs: excludeFor,
    believeMs: believeAfter,
    believeLowMs: believeLowAfter,
    suspectMs: suspectFor,
    pooledMs: pooled,
    levelMemoryMs: levelMemory,
    slopeMemoryMs: slopeMemory,
    memoryMs: memory
  })
)

export type BaselineOptions = Readonly<z.output<typeof baselineSchema>>
