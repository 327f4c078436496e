import type { Distinct } from './types.ts'

/** Members up to which a set is exact, per window and partition. */
export const exactLimit = 10_000

const precision = 14
const registerCount = 1 << precision

export function createDistinct(limit: number = exactLimit): Distinct {
  let exact: Set<string> | undefined = new Set()
  let sketch: Uint8Array | undefined

  const own: Distinct = {
    add(member) {
      if (exact === undefined) return addToSketch(sketch as Uint8Array, member)
      exact.add(member)
      if (exact.size <= limit) return
      sketch = sketchOf(exact)
      exact = undefined
    },
    members: () => exact,
    registers: () => sketch,
    countWith: others =>
      others.length > 0
        ? countUnion([own, ...others])
        : exact === undefined
          ? estimate(sketch as Uint8Array)
          : exact.size
  }
  return own
}

/** The number of distinct members of all parts together: exact where each part is. */
function countUnion(parts: readonly Distinct[]): number {
  if (parts.every(part => part.members() !== undefined)) {
    const union = new Set<string>()
    for (const part of parts) for (const member of part.members() ?? []) union.add(member)
    return union.size
  }
  const union = new Uint8Array(registerCount)
  for (const part of parts) {
    const registers = part.registers() ?? sketchOf(part.members() ?? new Set())
    for (let index = 0; index < registerCount; index++) {
      if ((registers[index] as number) > (union[index] as number)) union[index] = registers[index] as number
    }
  }
  return estimate(union)
}

function sketchOf(members: ReadonlySet<string>): Uint8Array {
  const registers = new Uint8Array(registerCount)
  for (const member of members) addToSketch(registers, member)
  return registers
}

/** The register is chosen by one hash, the rank read off another: together 46 bits, enough for billions. */
function addToSketch(registers: Uint8Array, member: string): void {
  const index = hash(member, 0x9747b28c) >>> (32 - precision)
  const rank = Math.clz32(hash(member, 0x3c6ef372)) + 1
  if (rank > (registers[index] as number)) registers[index] = rank
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

/** MurmurHash3's 32-bit mixing over UTF-16 units. */
function hash(text: string, seed: number): number {
  let h = seed
  for (let index = 0; index < text.length; index++) {
    let k = Math.imul(text.charCodeAt(index), 0xcc9e2d51)
    k = (k << 15) | (k >>> 17)
    h ^= Math.imul(k, 0x1b873593)
    h = (h << 13) | (h >>> 19)
    h = (Math.imul(h, 5) + 0xe6546b64) | 0
  }
  h ^= text.length
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
