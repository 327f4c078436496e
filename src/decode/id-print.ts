/**
 * What stands for an id where only equality matters: 53 bits of its text, from 1 on; 0 stands for none. Two of 10,000 random
 * ids share one with a probability of six in a billion. ASCII goes four characters at a time, so that their bytes
 * give the same. Two lanes of multiplications and rotations, mixed at the end as MurmurHash3 does.
 */
export function idPrint(text: string): number {
  const { length } = text
  let one = firstOfOne
  let other = firstOfOther
  let at = 0
  let all = 0
  for (; at + 4 <= length; at += 4) {
    const a = text.charCodeAt(at)
    const b = text.charCodeAt(at + 1)
    const c = text.charCodeAt(at + 2)
    const d = text.charCodeAt(at + 3)
    all |= a | b | c | d
    const word = a | (b << 8) | (c << 16) | (d << 24)
    one = nextOfOne(one, word)
    other = nextOfOther(other, word)
  }
  let word = 0
  for (let shift = 0; at < length; at++, shift += 8) {
    const unit = text.charCodeAt(at)
    all |= unit
    word |= unit << shift
  }
  if (all > 0x7f) return printOfUnits(text)
  return printOf(nextOfOne(one, word), nextOfOther(other, word), length)
}

/** 0 where there is none. */
export const printOfText = (text: string | undefined): number => (text === undefined ? 0 : idPrint(text))

/** Beyond ASCII: unit by unit, so that no two of them meet in a word. */
function printOfUnits(text: string): number {
  let one = firstOfOne
  let other = firstOfOther
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    one = nextOfOne(one, unit)
    other = nextOfOther(other, unit)
  }
  return printOf(one, ~other, text.length)
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
