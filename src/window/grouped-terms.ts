import { fingerprint } from '../decode/fingerprint.ts'

/** Groups are kept apart up to this many, per window and partition. */
const groupLimit = 10_000
/** Above it, they share so many: the sum of each is then that of a few groups. */
const sharedGroups = 1 << 14
const firstCapacity = 8
const growth = 4

/** What the terms of one group come to. */
interface Group {
  readonly sum: number
  readonly terms: number
}

/**
 * Sums of integers by the text that they belong to, such as those of an order's lines. What they come to does not depend
 * on the order in which they are added, nor on how they are spread over several of these.
 */
export interface GroupedTerms {
  add(group: string, amount: number): void
  /** Those of this and the others together. */
  groupsWith(others: readonly GroupedTerms[]): readonly Group[]
  table(): Table
}

/** Open addressing by fingerprint: 0 is a free slot, at most three quarters are taken. */
interface Table {
  readonly keys: Float64Array
  readonly sums: Float64Array
  readonly terms: Float64Array
  readonly isShared: boolean
  size: number
}

export function createGroupedTerms(limit: number = groupLimit): GroupedTerms {
  let own = emptyTable(firstCapacity, false)

  function addTo(key: number, sum: number, terms: number): void {
    own = withAdded(own, key, sum, terms)
    if (!own.isShared && own.size > limit) own = merged([own], true)
  }

  return {
    add(group, amount) {
      const key = fingerprint(group)
      addTo(own.isShared ? sharedKey(key) : key, amount, 1)
    },
    groupsWith(others) {
      const tables = [own, ...others.map(other => other.table())]
      const all =
        tables.length === 1
          ? own
          : merged(
              tables,
              tables.some(({ isShared }) => isShared)
            )
      const groups: Group[] = []
      for (let slot = 0; slot < all.keys.length; slot++) {
        if (all.keys[slot] === 0) continue
        groups.push({ sum: all.sums[slot] as number, terms: all.terms[slot] as number })
      }
      return groups
    },
    table: () => own
  }
}

const emptyTable = (capacity: number, isShared: boolean): Table => ({
  keys: new Float64Array(capacity),
  sums: new Float64Array(capacity),
  terms: new Float64Array(capacity),
  isShared,
  size: 0
})

const sharedKey = (key: number) => (key % sharedGroups) + 1

/** The tables as one; where groups are shared, those of each are. */
function merged(tables: readonly Table[], isShared: boolean): Table {
  let all = emptyTable(firstCapacity, isShared)
  for (const table of tables) {
    for (let slot = 0; slot < table.keys.length; slot++) {
      const key = table.keys[slot] as number
      if (key === 0) continue
      const target = isShared && !table.isShared ? sharedKey(key) : key
      all = withAdded(all, target, table.sums[slot] as number, table.terms[slot] as number)
    }
  }
  return all
}

/** The same table, or a larger copy. */
function withAdded(table: Table, key: number, sum: number, terms: number): Table {
  addAt(table, key, sum, terms)
  if (table.size * 4 <= table.keys.length * 3) return table
  const larger = emptyTable(table.keys.length * growth, table.isShared)
  for (let slot = 0; slot < table.keys.length; slot++) {
    const there = table.keys[slot] as number
    if (there !== 0) addAt(larger, there, table.sums[slot] as number, table.terms[slot] as number)
  }
  return larger
}

function addAt(table: Table, key: number, sum: number, terms: number): void {
  const { keys } = table
  const mask = keys.length - 1
  let slot = key & mask
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask
  if (keys[slot] === 0) {
    keys[slot] = key
    table.size++
  }
  table.sums[slot] = (table.sums[slot] as number) + sum
  table.terms[slot] = (table.terms[slot] as number) + terms
}
