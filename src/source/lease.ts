/** Work that was begun under it is ours for as long as it is valid; once it has ended it stays so. */
export interface Lease {
  isValid(): boolean
}

export interface Leases {
  current(): Lease
  /** Ends the current lease at once and gives the next one. */
  renew(): Lease
}

/**
 * Tells work that was overtaken at an await from work that is still ours: take `current()` before the first await, and
 * go on after each await only while it `isValid()`. Whoever learns that the work was lost, or begins anew, calls
 * `renew()` in the same turn.
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
