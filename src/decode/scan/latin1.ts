/** A text of its own: one cut out of another would keep that whole in memory. */
export const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  (bytes as SliceableBuffer).latin1Slice(start, end)

/** Node's own, faster than `toString('latin1', …)`. */
type SliceableBuffer = Uint8Array & { latin1Slice(start: number, end: number): string }
