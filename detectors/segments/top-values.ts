import type { Segment } from '../../src/window/segment.ts'

/** The times that a value was seen count half whenever so many windows have gone by. */
const halfLife = 1_440

/**
 * A bounded number of places for the values of a dimension, however many values there are. `clear` is called before a
 * place gets another value. A window has fewer values than there are places.
 */
export function createTopValues<Value extends string>(count: number, clear: (slot: number) => void) {
  const slotOf = new Map<Value, number>()
  const names: Value[] = []
  const last = new Float64Array(count)
  const frequency = new Float64Array(count)
  let age = Number.NEGATIVE_INFINITY

  function fade(window: number): void {
    const now = Math.floor(window / halfLife)
    if (now === age) return
    const kept = 0.5 ** (now - age)
    age = now
    for (let slot = 0; slot < count; slot += 1) frequency[slot] = (frequency[slot] as number) * kept
  }

  function leastSeen(window: number): number {
    let least = 0
    for (let slot = 1; slot < count; slot += 1) {
      if (last[least] === window) least = slot
      else if (last[slot] !== window && (frequency[slot] as number) < (frequency[least] as number))
        least = slot
    }
    return least
  }

  function assign(value: Value, window: number): number {
    const slot = names.length < count ? names.length : leastSeen(window)
    const before = names[slot]
    if (before !== undefined) {
      slotOf.delete(before)
      clear(slot)
    }
    slotOf.set(value, slot)
    names[slot] = value
    frequency[slot] = 0
    last[slot] = Number.NEGATIVE_INFINITY
    return slot
  }

  return {
    /** The place of a value that was seen in this window: its own, a free one, or that of the value least often seen. */
    take(value: Value, window: number): number {
      fade(window)
      const slot = slotOf.get(value) ?? assign(value, window)
      if (last[slot] === window) return slot
      frequency[slot] = (frequency[slot] as number) + 1
      last[slot] = window
      return slot
    },
    find: (value: Value) => slotOf.get(value),
    nameOf: (slot: number) => names[slot] as Value,
    /** The window that its value was last seen in. */
    seenAt: (slot: number) => last[slot] as number,
    /** Places in use. */
    size: () => names.length
  }
}

export type TopValues = ReturnType<typeof createTopValues<Segment>>
