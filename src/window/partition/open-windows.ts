import type { Partial } from '../types.ts'

/** A partition's share of each window that has records and is not taken. */
export function createOpenWindows(
  emptyPartial: (start: number, like: Partial | undefined) => Partial,
  onOpen: (start: number, offset: number) => void
) {
  const open = new Map<number, Partial>()
  // Most records are of the window of the one before.
  let current: Partial | undefined

  function find(start: number, offset: number): Partial {
    let partial = open.get(start)
    if (partial === undefined) {
      partial = emptyPartial(start, current)
      open.set(start, partial)
      onOpen(start, offset)
    }
    current = partial
    return partial
  }

  return {
    /** The share of the window that begins at `start`; opened by the record at `offset` where there is none. */
    at: (start: number, offset: number) =>
      current !== undefined && current.start === start ? current : find(start, offset),
    /** Takes a share out, to be merged. */
    take(start: number): Partial | undefined {
      const partial = open.get(start)
      open.delete(start)
      if (current === partial) current = undefined
      return partial
    },
    oldest(): number | undefined {
      let oldest: number | undefined
      for (const start of open.keys()) if (oldest === undefined || start < oldest) oldest = start
      return oldest
    },
    size: () => open.size,
    starts: () => open.keys()
  }
}
