/** Of the browser, and said at the foot of the page. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

const minuteMs = 60_000
const dayMs = 86_400_000

const formatter = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', options)
  return (ms: number) => format.format(ms)
}

/** 14:05 */
export const timeText = formatter({ hour: '2-digit', minute: '2-digit' })
/** 28 Nov */
const dayText = formatter({ day: 'numeric', month: 'short' })
/** Sat 28 Nov 14:05 */
const dayAndTime = formatter({
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit'
})
const offset = formatter({ timeZoneName: 'longOffset', hour: 'numeric' })

/** Sat 28 Nov 14:05 */
export const momentText = (ms: number): string => dayAndTime(ms).replace(',', '')

/** UTC+01:00, as it is at a time. */
export const offsetText = (ms: number): string => offset(ms).replace(/^.*GMT/, 'UTC')

export const spanText = (from: number, to: number): string =>
  dayText(from) === dayText(to)
    ? `${timeText(from)} to ${timeText(to)}`
    : `${momentText(from)} to ${momentText(to)}`

/** 45 s, 12 min, 3 h 20 min, 2 days */
export function durationText(ms: number): string {
  if (ms > 0 && ms < 1_000) return 'under 1 s'
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

/** What stands under the ticks of a time axis, given in seconds: days where there are several. */
export function axisTime(splits: readonly number[]): string[] {
  const step = ((splits[1] ?? 0) - (splits[0] ?? 0)) * 1_000
  const isDays = step >= dayMs - minuteMs
  return splits.map((seconds, index) => {
    const ms = seconds * 1_000
    if (isDays) return dayText(ms)
    const isNewDay = index > 0 && dayText(ms) !== dayText((splits[index - 1] ?? 0) * 1_000)
    return isNewDay ? dayText(ms) : timeText(ms)
  })
}
