/**
 * A text's 53 bits as an integer from 1 on. Two of 10,000 random texts share one with a probability of six in a
 * billion. Two lanes of multiplications and rotations, mixed at the end as MurmurHash3 does. Stores keep those of orders.
 */
export function fingerprint(text: string): number {
  let one = firstOfOne
  let other = firstOfOther
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    one = nextOfOne(one, unit)
    other = nextOfOther(other, unit)
  }
  return printOf(one, other, text.length)
}

export const firstOfOne = 0x2f0b4c47
export const firstOfOther = 0x5b1e37a9

export const nextOfOne = (lane: number, word: number): number =>
  Math.imul(((lane << 13) | (lane >>> 19)) ^ word, 0x9e3779b1)

export const nextOfOther = (lane: number, word: number): number =>
  Math.imul(((lane << 17) | (lane >>> 15)) ^ word, 0x85ebca77)

/** Of both lanes behind the last word, which is filled up with zeros, and of the text's length. */
export function printOf(first: number, second: number, length: number): number {
  const one = first ^ length
  const low = mix(one ^ Math.imul(second, 0xc2b2ae3d))
  const high = mix(second ^ Math.imul(one, 0x27d4eb2f)) >>> (32 - highBits)
  return high * 2 ** 32 + (low >>> 0) || 1
}

/** Of a print: those above the lower 32. */
export const highBits = 21

function mix(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
