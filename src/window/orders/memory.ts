import { createKeySet } from './key-set.ts'

/** What is remembered of the orders that a window counted: a fingerprint of each purchase. */
export interface CountedOrders {
  /** Of the window. */
  readonly start: number
  readonly keys: Float64Array
}

export interface OrderMemoryOptions {
  readonly spanMs: number
  /** Purchases that are remembered, at 30 bytes each. */
  readonly limit: number
}

/**
 * The purchases that windows counted within the span. It holds the newest windows that fit, whole, so that it is a function
 * of the windows alone: read back from the store, it is the same.
 */
export function createOrderMemory({ spanMs, limit }: OrderMemoryOptions) {
  const known = createKeySet()
  let windows: CountedOrders[] = []
  let size = 0

  function forgetOldest(count: number): number {
    let forgotten = 0
    for (const { keys } of windows.slice(0, count)) {
      for (let at = 0; at < keys.length; at++) known.remove(keys[at] as number)
      forgotten += keys.length
    }
    windows = windows.slice(count)
    size -= forgotten
    return forgotten
  }

  return {
    has: known.has,
    /** A window that starts at `start` is next: forgets those that lie further back than the span. */
    enter(start: number): void {
      const first = windows.findIndex(window => window.start >= start - spanMs)
      forgetOldest(first === -1 ? windows.length : first)
    },
    /** Remembers what a window counted, none of it known; gives how many had to be forgotten before their time. */
    add(counted: CountedOrders): number {
      windows.push(counted)
      const { keys } = counted
      for (let at = 0; at < keys.length; at++) known.add(keys[at] as number)
      size += keys.length
      let forgotten = 0
      while (size > limit) forgotten += forgetOldest(1)
      return forgotten
    }
  }
}
