/**
 * A text's 53 bits as an integer from 1 on. Two of 10,000 random texts share one with a probability of six in a
 * billion. Two lanes of multiplications and rotations, mixed at the end as MurmurHash3 does.
 */
export function fingerprint(text: string): number {
  let one = 0x2f0b4c47
  let other = 0x5b1e37a9
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    one = Math.imul(((one << 13) | (one >>> 19)) ^ unit, 0x9e3779b1)
    other = Math.imul(((other << 17) | (other >>> 15)) ^ unit, 0x85ebca77)
  }
  one ^= text.length
  const low = mix(one ^ Math.imul(other, 0xc2b2ae3d))
  const high = mix(other ^ Math.imul(one, 0x27d4eb2f)) >>> (32 - highBits)
  return high * 2 ** 32 + (low >>> 0) || 1
}

/** Of a fingerprint: those above the lower 32. */
const highBits = 21

function mix(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
