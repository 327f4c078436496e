import { highBits } from '../decode/fingerprint.ts'
import type { DistinctCount } from './types.ts'

/** A set is exact up to this many members, per window and partition. */
export const exactLimit = 10_000

const precision = 14
const registerCount = 1 << precision
/** Most segments have few orders. */
const firstCapacity = 4
/** Growing fourfold moves few members, and at the limit takes no more room than twofold growth would. */
const growth = 4

export const createDistinctCount = (limit: number = exactLimit): DistinctCount =>
  new Members(limit, firstCapacity)

/** A class, since some hundred thousand of them are added to with each second of the stream. */
class Members implements DistinctCount {
  private exact: Fingerprints | undefined
  private sketch: Uint8Array | undefined = undefined
  private readonly limit: number

  constructor(limit: number, capacity: number) {
    this.limit = limit
    this.exact = emptySet(capacity)
  }

  another(): DistinctCount {
    let capacity = firstCapacity
    while (3 * capacity < 4 * (this.exact?.size ?? this.limit)) capacity *= 2
    return new Members(this.limit, capacity)
  }

  add(print: number): void {
    one[0] = print
    this.addAt(one, 0)
  }

  addAt(prints: Float64Array, at: number): void {
    const { exact } = this
    if (exact === undefined) addToSketch(this.sketch as Uint8Array, prints[at] as number)
    else if (insert(exact, prints, at)) this.grow(exact)
  }

  merge(other: DistinctCount): void {
    const registers = other.registers()
    if (registers === undefined) eachMember(other, print => this.add(print))
    else {
      if (this.exact !== undefined) this.becomeSketch(this.exact)
      mergeInto(this.sketch as Uint8Array, registers)
    }
  }

  fingerprints(): Fingerprints | undefined {
    return this.exact
  }

  registers(): Uint8Array | undefined {
    return this.sketch
  }

  countWith(others: readonly DistinctCount[]): number {
    const { exact } = this
    if (others.length > 0) return exactUnion(exact, others) ?? estimate(unionOf([this, ...others]))
    return exact === undefined ? estimate(this.sketch as Uint8Array) : exact.size
  }

  private grow(exact: Fingerprints): void {
    if (exact.size > this.limit) this.becomeSketch(exact)
    else this.exact = withRoom(exact)
  }

  private becomeSketch(members: Fingerprints): void {
    this.sketch = sketchOf(members)
    this.exact = undefined
  }
}

/** Undefined where one of them is not exact. */
function exactUnion(first: Fingerprints | undefined, others: readonly DistinctCount[]): number | undefined {
  if (first === undefined) return undefined
  const sets = [first]
  for (const other of others) {
    const set = other.fingerprints()
    if (set === undefined) return undefined
    sets.push(set)
  }
  return sizeOfUnion(sets)
}

function unionOf(parts: readonly DistinctCount[]): Uint8Array {
  const union = new Uint8Array(registerCount)
  for (const part of parts) {
    const registers = part.registers()
    if (registers === undefined) eachMember(part, print => addToSketch(union, print))
    else mergeInto(union, registers)
  }
  return union
}

/** The greatest set whole, and of each other one the members that no set before it has. */
function sizeOfUnion(sets: Fingerprints[]): number {
  const ordered = sets.sort((one, other) => other.size - one.size)
  let size = 0
  for (let at = 0; at < ordered.length; at++) {
    const set = ordered[at] as Fingerprints
    size += at === 0 ? set.size : newIn(set, ordered, at)
  }
  return size
}

function newIn({ slots }: Fingerprints, ordered: readonly Fingerprints[], before: number): number {
  let count = 0
  for (let slot = 0; slot < slots.length; slot++) {
    const print = slots[slot] as number
    if (print !== 0 && !isInFirst(print, ordered, before)) count++
  }
  return count
}

function isInFirst(print: number, sets: readonly Fingerprints[], count: number): boolean {
  for (let at = 0; at < count; at++) if (has(sets[at] as Fingerprints, print)) return true
  return false
}

/** A set of fingerprints with open addressing: 0 is a free slot, and at most three quarters are taken. */
interface Fingerprints {
  readonly slots: Float64Array
  size: number
}

const emptySet = (capacity: number): Fingerprints => ({ slots: new Float64Array(capacity), size: 0 })

function eachMember(part: DistinctCount, take: (print: number) => void): void {
  for (const print of part.fingerprints()?.slots ?? []) if (print !== 0) take(print)
}

/** A set that may be too full for another member, or a larger copy. */
function withRoom(set: Fingerprints): Fingerprints {
  if (set.size * 4 <= set.slots.length * 3) return set
  const larger = emptySet(set.slots.length * growth)
  const { slots } = set
  for (let slot = 0; slot < slots.length; slot++) {
    if (slots[slot] !== 0) insert(larger, slots, slot)
  }
  return larger
}

/** Where `add` puts its print. */
const one = new Float64Array(1)

/** Takes the print where it lies: handed over by itself, it would be an object. */
function insert(set: Fingerprints, prints: Float64Array, at: number): boolean {
  const { slots } = set
  const print = prints[at] as number
  const mask = slots.length - 1
  for (let slot = print & mask; ; slot = (slot + 1) & mask) {
    const there = slots[slot]
    if (there === print) return false
    if (there !== 0) continue
    slots[slot] = print
    set.size++
    return true
  }
}

function has({ slots }: Fingerprints, print: number): boolean {
  const mask = slots.length - 1
  for (let slot = print & mask; ; slot = (slot + 1) & mask) {
    const there = slots[slot]
    if (there === print) return true
    if (there === 0) return false
  }
}

function sketchOf(set: Fingerprints): Uint8Array {
  const registers = new Uint8Array(registerCount)
  for (const print of set.slots) if (print !== 0) addToSketch(registers, print)
  return registers
}

/** The lower bits choose the register, the upper ones give the rank: together enough for billions of members. */
function addToSketch(registers: Uint8Array, print: number): void {
  const index = (print | 0) >>> (32 - precision)
  const upper = Math.floor(print / 2 ** 32)
  const rank = Math.clz32(upper) - (32 - highBits) + 1
  if (rank > (registers[index] as number)) registers[index] = rank
}

function mergeInto(union: Uint8Array, registers: Uint8Array): void {
  for (let index = 0; index < registerCount; index++) {
    if ((registers[index] as number) > (union[index] as number)) union[index] = registers[index] as number
  }
}

/** Flajolet et al., HyperLogLog (2007), with linear counting in the small range. */
function estimate(registers: Uint8Array): number {
  let inverse = 0
  let empty = 0
  for (const rank of registers) {
    inverse += 2 ** -rank
    if (rank === 0) empty++
  }
  const alpha = 0.7213 / (1 + 1.079 / registerCount)
  const raw = (alpha * registerCount * registerCount) / inverse
  const small = raw <= 2.5 * registerCount && empty > 0
  return Math.round(small ? registerCount * Math.log(registerCount / empty) : raw)
}
