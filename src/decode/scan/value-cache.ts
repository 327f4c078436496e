/** What a key's values came to, found by their bytes as they stand in the record: quotes and what ends a number among them. */
interface Entry<Value> {
  readonly words: Int32Array
  readonly length: number
  readonly value: Value
  readonly isNumber: boolean
}

/** What countries, devices, categories and most catalogues need; a power of two. */
const slots = 1_024
const shift = 32 - 10
/** Longer values are read anew, for they would hold memory. */
const maxLength = 64

/**
 * Values of one key that come again and again. Each slot holds what came there last, so that a flood of new values costs what reading
 * them does.
 */
export class ValueCache<Value> {
  /** Of what was found last: its value, whether it is a number, and where the record goes on behind it. */
  value: Value | undefined = undefined
  isNumber = false
  end = 0
  private readonly entries: (Entry<Value> | undefined)[] = new Array(slots).fill(undefined)

  /** Whether the value that begins at `start` is known. */
  find(view: DataView, start: number, limit: number): boolean {
    if (start + 8 > limit) return false
    const entry = this.entries[slotOf(view, start)]
    if (entry === undefined) return false
    const { words, length, isNumber } = entry
    const end = start + length
    if (end > limit) return false
    const last = words.length - 1
    for (let index = 0, at = start; index < last; index++, at += 4)
      if (view.getInt32(at, true) !== words[index]) return false
    // The last word overlaps the one before it.
    if (view.getInt32(end - 4, true) !== words[last]) return false
    this.value = entry.value
    this.isNumber = isNumber
    this.end = isNumber ? end - 1 : end
    return true
  }

  /** Keeps the value of the bytes from `start` to `end`: of a text with its quotes, of a number without what ends it. */
  keep(view: DataView, start: number, end: number, limit: number, value: Value, isNumber: boolean): void {
    const length = end - start + (isNumber ? 1 : 0)
    if (length < 4 || length > maxLength || start + Math.max(length, 8) > limit) return
    const words = Int32Array.from({ length: (length + 3) >> 2 }, (_, index) =>
      view.getInt32(start + Math.min(4 * index, length - 4), true)
    )
    this.entries[slotOf(view, start)] = { words, length, value, isNumber }
  }
}

/** By the first eight bytes, some of which may lie behind the value: what stands there mostly is the same. */
const slotOf = (view: DataView, start: number): number =>
  (Math.imul(view.getInt32(start, true), 0x9e3779b1) ^
    Math.imul(view.getInt32(start + 4, true), 0x85ebca77)) >>>
  shift
