import { minuteMs } from '../../time/units.ts'

const mostFailures = 10
const mostAddresses = 10_000

/** Counts wrong passwords by address: after 10 in a minute even the right one has to wait for the next. */
export function createFailures(now: () => number) {
  const counts = new Map<string, { readonly since: number; count: number }>()

  return {
    isTooMany(address: string): boolean {
      const counted = counts.get(address)
      return counted !== undefined && now() - counted.since < minuteMs && counted.count >= mostFailures
    },
    add(address: string): void {
      const counted = counts.get(address)
      if (counted !== undefined && now() - counted.since < minuteMs) {
        counted.count += 1
        return
      }
      counts.delete(address)
      counts.set(address, { since: now(), count: 1 })
      const [oldest] = counts.keys()
      if (counts.size > mostAddresses && oldest !== undefined) counts.delete(oldest)
    }
  }
}
