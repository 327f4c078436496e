import { createFolder, foldCapacity, foldedBytes } from './crc-fold.ts'

const polynomial = 0x82f63b78
const step = 16
const folder = createFolder()
const { message } = folder
const view = new DataView(message.buffer, message.byteOffset)

/** Of 16 tables of 256, the one of `n` has at `byte` the checksum of the byte followed by `n` zero bytes. */
const table = tableOf()

/**
 * The Castagnoli checksum of the bytes from `from` on, unsigned, as Kafka stores it with a batch. Most of a long message is
 * folded into what follows; the tables have the rest.
 */
export function crc32c(bytes: Uint8Array, from = 0): number {
  let crc = ~0
  let held = 0
  for (let at = from; at < bytes.length; ) {
    const taken = Math.min(foldCapacity - held, bytes.length - at)
    message.set(bytes.subarray(at, at + taken), held)
    at += taken
    held += taken
    const folded = Math.max(0, held - foldedBytes) & ~(step - 1)
    if (folded === 0) break
    view.setInt32(0, view.getInt32(0, true) ^ crc, true)
    crc = 0
    folder.fold(folded)
    message.copyWithin(0, folded, held)
    held -= folded
  }
  return ~ofTables(held, crc) >>> 0
}

/** Of the first bytes of `message`, going on from a checksum. */
function ofTables(bytes: number, from: number): number {
  let crc = from
  let at = 0
  for (; at <= bytes - step; at += step) {
    const a = crc ^ view.getInt32(at, true)
    const b = view.getInt32(at + 4, true)
    const c = view.getInt32(at + 8, true)
    const d = view.getInt32(at + 12, true)
    crc = ofWord(12, a) ^ ofWord(8, b) ^ ofWord(4, c) ^ ofWord(0, d)
  }
  for (; at < bytes; at++) crc = of(0, crc ^ view.getUint8(at)) ^ (crc >>> 8)
  return crc
}

/** Of four bytes, the last of which is followed by `zeros` zero bytes. */
const ofWord = (zeros: number, word: number): number =>
  of(zeros + 3, word) ^ of(zeros + 2, word >>> 8) ^ of(zeros + 1, word >>> 16) ^ of(zeros, word >>> 24)

const of = (zeros: number, value: number): number => table[(zeros << 8) | (value & 0xff)] as number

function tableOf(): Int32Array {
  const made = new Int32Array(step * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    made[byte] = crc
  }
  for (let at = 256; at < made.length; at++) {
    const shorter = made[at - 256] as number
    made[at] = (made[shorter & 0xff] as number) ^ (shorter >>> 8)
  }
  return made
}
