import type { Partial } from '../types.ts'

/** A partition's share of each window that has records and is not taken. */
export interface OpenWindows {
  /** The share of the window that begins at `start`; opened by the record at `offset` where there is none. */
  at(start: number, offset: number): Partial
  /** Takes a share out, to be merged. */
  take(start: number): Partial | undefined
  oldest(): number | undefined
  size(): number
  starts(): Iterable<number>
}

export function createOpenWindows(
  emptyPartial: (start: number) => Partial,
  onOpen: (start: number, offset: number) => void
): OpenWindows {
  const open = new Map<number, Partial>()
  // Most records are of the window of the one before.
  let current: Partial | undefined

  function find(start: number, offset: number): Partial {
    let partial = open.get(start)
    if (partial === undefined) {
      partial = emptyPartial(start)
      open.set(start, partial)
      onOpen(start, offset)
    }
    current = partial
    return partial
  }

  return {
    at: (start, offset) => (current !== undefined && current.start === start ? current : find(start, offset)),
    take(start) {
      const partial = open.get(start)
      open.delete(start)
      if (current === partial) current = undefined
      return partial
    },
    oldest: () => (open.size === 0 ? undefined : Math.min(...open.keys())),
    size: () => open.size,
    starts: () => open.keys()
  }
}
