import type { Slice } from './slice.ts'

/** With more texts than this their numbers begin again: memory does not grow with the names in the stream. */
const maxTexts = 50_000

/** Numbers the texts of events, from 1 on; each is sent once. */
export function createTextNumbers(limit = maxTexts) {
  let numbers = new Map<string, number>()
  let fresh: string[] = []
  let isFirst = true

  return {
    /** 0 where there is none. */
    numberOf(text: string | undefined): number {
      if (text === undefined) return 0
      const known = numbers.get(text)
      if (known !== undefined) return known
      const number = numbers.size + 1
      numbers.set(text, number)
      fresh.push(text)
      return number
    },
    /** What the slice that ends here must bring, so that its numbers are understood. */
    takeFresh(): Pick<Slice, 'texts' | 'isFirst'> {
      const taken = { texts: fresh, isFirst }
      fresh = []
      isFirst = numbers.size > limit
      if (isFirst) numbers = new Map()
      return taken
    }
  }
}

/** The texts by their numbers, where slices arrive. */
export function createTextTable() {
  let texts: (string | undefined)[] = [undefined]
  return {
    learn(slice: Pick<Slice, 'texts' | 'isFirst'>): void {
      if (slice.isFirst) texts = [undefined]
      for (const text of slice.texts) texts.push(text)
    },
    /** Undefined for 0. */
    textOf: (number: number): string | undefined => texts[number]
  }
}
