/** Work that was begun under a lease is ours while the lease is valid; an ended lease never becomes valid again. */
export interface Lease {
  isValid(): boolean
}

export interface Leases {
  current(): Lease
  /** Ends the current lease at once and gives the next one. */
  renew(): Lease
}

/**
 * Answers after an await whether the work is still ours: take `current()` before the first await, and continue after
 * each await only while it `isValid()`. The code that learns that the work was lost, or starts it again, calls `renew()`
 * in the same turn of the event loop.
 */
export function createLeases(): Leases {
  let latest: Lease

  function renew(): Lease {
    const lease: Lease = { isValid: () => lease === latest }
    latest = lease
    return lease
  }

  latest = renew()
  return { current: () => latest, renew }
}
