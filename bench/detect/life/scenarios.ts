import type { Hour, Life } from '../shops/life.ts'

interface Scenario {
  readonly days: number
  readonly life: Life
}

/** From this day on, or on it. */
const changeDay = 14

const scaled = (hour: Hour, traffic: number, keenness = 1): Hour => ({
  ...hour,
  traffic: hour.traffic * traffic,
  keenness: hour.keenness * keenness
})
const closed = (hour: Hour): Hour => scaled(hour, 0)
const since =
  (change: (hour: Hour) => Hour): Life =>
  (hour, { hours }, day) =>
    day > changeDay || (day === changeDay && hours >= 10) ? change(hour) : hour
const onDays =
  (first: number, last: number, change: (hour: Hour) => Hour): Life =>
  (hour, _, day) =>
    day >= first && day <= last ? change(hour) : hour

/** What happens to shops without anything wrong. The clocks change to summer time in the morning of day 13. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'level up for good': { days: 21, life: since(hour => scaled(hour, 1.6)) },
  'level down for good': { days: 21, life: since(hour => scaled(hour, 0.6)) },
  'growth of 1 % a day': { days: 21, life: (hour, _, day) => scaled(hour, 1.01 ** day) },
  holiday: { days: 21, life: onDays(changeDay, changeDay, hour => scaled(hour, 0.5, 0.8)) },
  'promotion and the days after': {
    days: 21,
    life(hour, _, day) {
      if (day >= changeDay && day < changeDay + 3) return scaled(hour, 2, 1.3)
      return day >= changeDay + 3 && day < changeDay + 6 ? scaled(hour, 0.85, 0.8) : hour
    }
  },
  'closed at night': {
    days: 21,
    life: (hour, { hours }) => (hours < 7 || hours >= 22 ? closed(hour) : hour)
  },
  'closed on Sundays': { days: 21, life: (hour, { weekday }) => (weekday === 0 ? closed(hour) : hour) },
  campaign: {
    days: 21,
    life: onDays(changeDay, changeDay + 1, hour => ({ ...scaled(hour, 1.8, 0.6), mobileShare: 0.85 }))
  },
  'mix shift': { days: 21, life: since(hour => ({ ...hour, mobileShare: 0.85 })) },
  'summer time': { days: 21, life: hour => hour },
  'first days': { days: 4, life: hour => hour }
}

/** What a short run is made of. */
export const brief: readonly string[] = ['level up for good', 'holiday', 'closed at night', 'first days']

/** 2026-03-16 00:00 in Berlin, a Monday. */
export const lifeStartMs = Date.UTC(2026, 2, 15, 23)
