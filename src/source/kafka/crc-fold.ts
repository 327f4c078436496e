/**
 * A word may be taken out of a message, and added to the words so many places behind it: the checksum of what is left, after
 * as many zeros, is the same. Read from their end, 1 + x^65 + x^155 + x^170 + x^195 + x^209 is a multiple of Castagnoli's
 * polynomial, so the same of x^32 is one too. It is the shortest with six terms; one with four is 25 times as long.
 */
const places = [65, 155, 170, 195, 209]
const wordBytes = 4
const vectorBytes = 16
/** How far behind itself a byte is added at most. */
export const foldedBytes = Math.max(...places) * wordBytes

const pageBytes = 65_536
/** Before the message lie zeros: that is added to its first words. */
export const foldCapacity = pageBytes - foldedBytes

export interface Folder {
  /** Where the message is put. */
  readonly message: Uint8Array
  /** Takes out its first bytes, a multiple of 16. At least `foldedBytes` must follow. */
  readonly fold: (bytes: number) => void
}

/** In WebAssembly, for its vectors: four words at a time. */
export function createFolder(): Folder {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasmModule()))
  const { memory, fold } = exports as { memory: WebAssembly.Memory; fold: Folder['fold'] }
  return { message: new Uint8Array(memory.buffer, foldedBytes), fold }
}

// Instructions of WebAssembly, by their names in its text form.
const localGet = (index: number) => [0x20, index]
const localSet = (index: number) => [0x21, index]
const localTee = (index: number) => [0x22, index]
const i32Const = (value: number) => [0x41, ...signed(value)]
const i32Add = 0x6a
const i32LtU = 0x49
const i32Xor = 0x73
const i32Load = (offset: number) => [0x28, 0, ...unsigned(offset)]
const i32Store = (offset: number) => [0x36, 0, ...unsigned(offset)]
const v128Load = (offset: number) => [0xfd, 0x00, 0, ...unsigned(offset)]
const v128Store = (offset: number) => [0xfd, 0x0b, 0, ...unsigned(offset)]
const v128Xor = [0xfd, 0x51]
const end = 0x0b

/** Runs `body`, whose position is the local `at`, and again a step further until `at` is no more below the local `to`. */
const loop = (at: number, to: number, step: number, body: Code): Code => {
  const next = [localGet(at), i32Const(step), i32Add, localTee(at), localGet(to), i32LtU]
  return [0x03, 0x40, body, next, 0x0d, 0, end]
}

/** Adds to each word those before it; then those that are taken out to the words behind them. */
function foldCode(): Code {
  const [bytes, at, to] = [0, 1, 2]
  const before = (place: number) => foldedBytes - place * wordBytes
  const added = places.map(place => [localGet(at), v128Load(before(place)), v128Xor])
  const gather = [localGet(at), localGet(at), v128Load(foldedBytes), added, v128Store(foldedBytes)]
  const carry = places.map(place => {
    const carried = [localGet(at), i32Load(before(place)), i32Xor]
    const body = [localGet(at), localGet(at), i32Load(foldedBytes), carried, i32Store(foldedBytes)]
    const limits = [
      localGet(bytes),
      localSet(at),
      localGet(bytes),
      i32Const(place * wordBytes),
      i32Add,
      localSet(to)
    ]
    return [limits, loop(at, to, wordBytes, body)]
  })
  return [loop(at, bytes, vectorBytes, gather), carry, end]
}

type Code = number | readonly Code[]

function wasmModule(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f
  const locals = [1, 2, i32]
  const body = flat([locals, foldCode()])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, named('fold'), 0, 0, named('memory'), 2, 0]),
    ...section(10, [1, unsigned(body.length), body])
  ])
}

const section = (id: number, content: Code) => [id, ...unsigned(flat(content).length), ...flat(content)]
const named = (name: string) => [name.length, ...Buffer.from(name)]
const flat = (code: Code): number[] => (typeof code === 'number' ? [code] : code.flatMap(flat))

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

const signed = (value: number): number[] =>
  value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
