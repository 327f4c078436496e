/** Since when the broker has been answering. Times in milliseconds. */
export function createBrokerUptime(breakMs: number) {
  let last: number | undefined
  let since = Number.NEGATIVE_INFINITY
  return {
    /** Notes an answer asked for at `askedAt`, and returns since when there was no break longer than allowed. */
    since(askedAt: number): number {
      if (last !== undefined && askedAt - last > breakMs) since = askedAt
      last = askedAt
      return since
    }
  }
}
