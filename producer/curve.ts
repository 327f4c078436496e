const hourlyShape = [
  0.55, 0.38, 0.3, 0.26, 0.26, 0.32, 0.48, 0.72, 0.95, 1.1, 1.2, 1.26, 1.3, 1.28, 1.24, 1.22, 1.24, 1.3, 1.4,
  1.52, 1.56, 1.44, 1.14, 0.8
]
const dailyShape = [1.08, 1.02, 0.98, 0.96, 0.97, 0.98, 1.05]
const hourMean = hourlyShape.reduce((sum, value) => sum + value, 0) / 24
const dayMean = dailyShape.reduce((sum, value) => sum + value, 0) / 7

const dayMs = 86_400_000
/** 1970-01-01 was a Thursday; `dailyShape` begins with Sunday. */
const epochWeekday = 4

/** The expected traffic at an instant, relative to the week's mean: hour of day times day of week, without steps. */
export function curveAt(timeMs: number, timezoneOffsetMinutes: number): number {
  const localDays = (timeMs + timezoneOffsetMinutes * 60_000) / dayMs
  const hours = (localDays - Math.floor(localDays)) * 24
  return (
    (between(hourlyShape, hours) / hourMean) * (between(dailyShape, localDays - 0.5 + epochWeekday) / dayMean)
  )
}

function between(values: readonly number[], position: number): number {
  const index = Math.floor(position)
  const length = values.length
  const from = values[((index % length) + length) % length] as number
  const to = values[(((index + 1) % length) + length) % length] as number
  return from + (to - from) * (position - index)
}
