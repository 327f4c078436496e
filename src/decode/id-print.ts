import { fingerprint, firstOfOne, firstOfOther, nextOfOne, nextOfOther, printOf } from './fingerprint.ts'

/**
 * What stands for an id where only equality matters: 53 bits of its text, from 1 on; 0 stands for none. Two of 10,000 random
 * ids share one with a probability of six in a billion. ASCII goes four characters at a time, so that their bytes
 * give the same.
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
  // Unit by unit, so that no two of them meet in a word.
  if (all > 0x7f) return fingerprint(text)
  return printOf(nextOfOne(one, word), nextOfOther(other, word), length)
}

/** 0 where there is none. */
export const printOfText = (text: string | undefined): number => (text === undefined ? 0 : idPrint(text))
