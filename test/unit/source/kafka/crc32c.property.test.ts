import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldCapacity, foldedBytes } from '../../../../src/source/kafka/crc-fold.ts'
import { crc32c } from '../../../../src/source/kafka/crc32c.ts'
import { tries } from '../../../support/tries.ts'

/** As the definition has it: bit after bit. */
function bitByBit(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

/** Bytes that are cheap to draw and repeat nothing within a message. */
function noise(length: number, seed: number): Buffer {
  let state = seed | 1
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state
    })
  )
}

const around = (length: number) => fc.integer({ min: length - 40, max: length + 40 })
const length = fc.oneof(
  fc.nat(3_000),
  around(foldedBytes + 16),
  around(foldCapacity),
  around(2 * foldCapacity - foldedBytes),
  fc.nat(300_000)
)

test('the checksum is the one of Castagnoli', () => {
  expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283')
  expect(crc32c(Buffer.alloc(32)).toString(16)).toBe('8a9136aa')
  expect(crc32c(Buffer.alloc(32, 0xff)).toString(16)).toBe('62a8ab43')
  expect(crc32c(Buffer.alloc(0))).toBe(0)
})

test('the checksum of any message is what its bits give one after another, whatever was read before', () => {
  fc.assert(
    fc.property(length, fc.nat(40), fc.integer(), (bytes, from, seed) => {
      const message = noise(from + bytes, seed)
      expect(crc32c(message, from)).toBe(bitByBit(message.subarray(from)))
    }),
    { numRuns: tries(100) }
  )
})

test('a message that changes in one bit has another checksum', () => {
  const message = noise(5_000, 7)
  const whole = crc32c(message)
  for (let bit = 0; bit < 8 * message.length; bit += 7) {
    const at = bit >>> 3
    message[at] = (message[at] as number) ^ (1 << (bit & 7))
    expect(crc32c(message)).not.toBe(whole)
    message[at] = (message[at] as number) ^ (1 << (bit & 7))
  }
  expect(crc32c(message)).toBe(whole)
})
