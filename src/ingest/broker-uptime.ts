/** Since when the broker has been answering. Times in milliseconds. */
export interface BrokerUptime {
  /** Notes an answer asked for at `askedAt`, and returns since when there was no break longer than allowed. */
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
