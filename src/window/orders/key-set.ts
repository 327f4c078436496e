const firstCapacity = 64

/** A set of fingerprints from which members can be removed: open addressing, 0 is a free slot, at most half are taken. */
export interface KeySet {
  has(key: number): boolean
  add(key: number): void
  remove(key: number): void
}

export function createKeySet(): KeySet {
  let slots = new Float64Array(firstCapacity)
  let mask = firstCapacity - 1
  let size = 0

  /** Where the key is, or the free slot where it belongs. */
  function find(key: number): number {
    let slot = key & mask
    while (slots[slot] !== 0 && slots[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  function grow(): void {
    const former = slots
    slots = new Float64Array(former.length * 2)
    mask = slots.length - 1
    for (const key of former) if (key !== 0) slots[find(key)] = key
  }

  /** Members behind a free slot would not be found: those that may be nearer to their own slot move up. */
  function close(free: number): void {
    let hole = free
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (slots[slot] as number) & mask
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      slots[hole] = slots[slot] as number
      hole = slot
    }
    slots[hole] = 0
  }

  return {
    has: key => slots[find(key)] === key,
    add(key) {
      const slot = find(key)
      if (slots[slot] === key) return
      slots[slot] = key
      if (++size * 2 > slots.length) grow()
    },
    remove(key) {
      const slot = find(key)
      if (slots[slot] !== key) return
      size--
      close(slot)
    }
  }
}
