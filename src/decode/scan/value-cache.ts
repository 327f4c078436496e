/** What countries, devices, categories and most catalogues need; a power of two. */
const slots = 1_024
const shift = 32 - 10
/** Longer values are read anew, for they would hold memory. */
const maxLength = 64
const maxWords = maxLength / 4
/** How often another place is looked for at which values differ: each time what was kept is found no more. */
const maxMoves = 8

/**
 * Values of one key that come again and again, found by their bytes as they stand in the record: quotes and what ends a number
 * among them. Each slot holds what came there last, so that a flood of new values costs what reading them does.
 */
export class ValueCache<Value> {
  /** Of what was found last: its value, its place here, whether it is a number, and where the record goes on behind it. */
  value: Value | undefined = undefined
  /** Also of what was kept last; below 0 where that found none. */
  slot = -1
  isNumber = false
  end = 0
  private readonly lengths = new Uint8Array(slots)
  private readonly numbers = new Uint8Array(slots)
  private readonly words = new Int32Array(slots * maxWords)
  private readonly values: (Value | undefined)[] = new Array(slots).fill(undefined)
  /** Where values differ that begin alike, such as those of a catalogue. */
  private differsAt = 0
  private moves = 0

  /** Whether the value that begins at `start` is known. */
  find(view: DataView, start: number, limit: number): boolean {
    if (start + 8 > limit) return false
    const slot = this.slotOf(view, start, limit)
    const length = this.lengths[slot] as number
    const end = start + length
    if (length === 0 || end > limit) return false
    const { words } = this
    const last = slot * maxWords + ((length + 3) >> 2) - 1
    for (let index = slot * maxWords, at = start; index < last; index++, at += 4)
      if (view.getInt32(at, true) !== words[index]) return false
    // The last word overlaps the one before it.
    if (view.getInt32(end - 4, true) !== words[last]) return false
    this.value = this.values[slot]
    this.slot = slot
    this.isNumber = this.numbers[slot] === 1
    this.end = this.isNumber ? end - 1 : end
    return true
  }

  /** Keeps the value of the bytes from `start` to `end`: of a text with its quotes, of a number without what ends it. */
  keep(view: DataView, start: number, end: number, limit: number, value: Value, isNumber: boolean): void {
    const length = end - start + (isNumber ? 1 : 0)
    this.slot = -1
    if (length < 4 || length > maxLength || start + Math.max(length, 8) > limit) return
    let slot = this.slotOf(view, start, limit)
    const same = this.sameWords(view, start, length, slot)
    if (same >= 2 && 4 * same !== this.differsAt && this.moves < maxMoves) {
      this.moves++
      this.differsAt = 4 * same
      slot = this.slotOf(view, start, limit)
    }
    this.lengths[slot] = length
    this.numbers[slot] = isNumber ? 1 : 0
    this.values[slot] = value
    this.slot = slot
    const first = slot * maxWords
    for (let at = 0, index = first; at < length; at += 4, index++)
      this.words[index] = view.getInt32(start + Math.min(at, length - 4), true)
  }

  /** How many words the value begins with that the one in its slot begins with, too. */
  private sameWords(view: DataView, start: number, length: number, slot: number): number {
    const most = Math.min(length, this.lengths[slot] as number) >> 2
    let same = 0
    while (same < most && view.getInt32(start + 4 * same, true) === this.words[slot * maxWords + same]) same++
    return same
  }

  /** By eight bytes at the beginning, and eight where values differ; some may lie behind the value: what stands there mostly is the same. */
  private slotOf(view: DataView, start: number, limit: number): number {
    const at = start + this.differsAt + 8 > limit ? start : start + this.differsAt
    const one = view.getInt32(start, true) ^ Math.imul(view.getInt32(start + 4, true), 0x85ebca77)
    const other = view.getInt32(at, true) ^ Math.imul(view.getInt32(at + 4, true), 0xc2b2ae3d)
    return Math.imul(Math.imul(one, 0x9e3779b1) ^ other, 0x27d4eb2f) >>> shift
  }
}
