/** Follows when the broker answers. Times in milliseconds. */
export interface BrokerUptime {
  /** Takes note of an answer asked for at `askedAt`; since when there has been no longer break before it. */
  since(askedAt: number): number
}

export function createBrokerUptime(breakMs: number): BrokerUptime {
  let last: number | undefined
  let since = Number.NEGATIVE_INFINITY
  return {
    since(askedAt) {
      if (last !== undefined && askedAt - last > breakMs) since = askedAt
      last = askedAt
      return since
    }
  }
}
