import { firstOfOne, firstOfOther, nextOfOne, nextOfOther, printOf } from '../fingerprint.ts'
import { backslash, isPlainWord, quote } from './bytes.ts'

/** Goes over JSON texts in bytes, four at a time. `view` is of the same bytes. */
export class TextScan {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  /** Where the closing quote is. */
  end = 0
  /** What `idPrint` gives for the text. */
  print = 0

  /** The text whose first byte is at `start`, up to its quote before `limit`; false where it is not plain ASCII. */
  plain(start: number, limit: number): boolean {
    const { bytes, view } = this
    let one = firstOfOne
    let other = firstOfOther
    let at = start
    for (const lastWord = limit - 4; at <= lastWord; at += 4) {
      const word = view.getInt32(at, true)
      if (!isPlainWord(word)) break
      one = nextOfOne(one, word)
      other = nextOfOther(other, word)
    }
    let word = 0
    for (let shift = 0; at < limit; at++) {
      const byte = bytes[at] as number
      if (byte === quote) {
        this.end = at
        this.print = printOf(nextOfOne(one, word), nextOfOther(other, word), at - start)
        return true
      }
      if (byte < 0x20 || byte > 0x7f || byte === backslash) return false
      word |= byte << shift
      shift += 8
      if (shift < 32) continue
      one = nextOfOne(one, word)
      other = nextOfOther(other, word)
      word = 0
      shift = 0
    }
    return false
  }

  /** The same of a text beyond ASCII, without its print; false where it has an escape. */
  wide(start: number, limit: number): boolean {
    const { bytes } = this
    for (let at = start; at < limit; at++) {
      const byte = bytes[at] as number
      if (byte === quote) {
        this.end = at
        return true
      }
      if (byte < 0x20 || byte === backslash) return false
    }
    return false
  }

  /** Reads the print of plain bytes. */
  readPrint(start: number, end: number): void {
    const { bytes, view } = this
    let one = firstOfOne
    let other = firstOfOther
    let at = start
    for (const lastWord = end - 4; at <= lastWord; at += 4) {
      const word = view.getInt32(at, true)
      one = nextOfOne(one, word)
      other = nextOfOther(other, word)
    }
    let word = 0
    for (let shift = 0; at < end; at++, shift += 8) word |= (bytes[at] as number) << shift
    this.print = printOf(nextOfOne(one, word), nextOfOther(other, word), end - start)
  }
}
