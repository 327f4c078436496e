/** ISO 8601 in UTC; the second's part is kept from call to call, since events of one second come together. */
export function isoTimes(): (timeMs: number) => string {
  let second = Number.NaN
  let prefix = ''
  return function isoTime(timeMs) {
    const current = Math.floor(timeMs / 1_000)
    if (current !== second) {
      second = current
      prefix = new Date(current * 1_000).toISOString().slice(0, 20)
    }
    const ms = timeMs - current * 1_000
    return `${prefix}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`
  }
}
