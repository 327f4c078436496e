import { backslash, closeBrace, colon, comma, openBrace, quote } from './bytes.ts'
import { textOf } from './latin1.ts'
import { blanksEnd } from './skip-value.ts'

/** A key of a producer's records, and the keys that came behind it. */
export interface KeyNode {
  readonly key: string
  /** Among the keys that are wanted; -1 for others. */
  readonly place: number
  readonly edges: KeyEdge[]
}

/** What stands between a value and the one behind it: comma, key, colon, blanks. */
interface KeyEdge {
  readonly length: number
  /** The same as little-endian words, of which the last overlaps the one before it. */
  readonly words: Int32Array
  readonly to: KeyNode
}

const maxNodes = 128
const maxEdges = 12
const maxEdgeBytes = 80

/**
 * Learns in which order a producer writes its keys, so that the next one is found by a comparison of its bytes. What it has
 * not learnt, or has no room for, is read key by key.
 */
export class KeyGraph {
  /** Before the first key. */
  readonly root: KeyNode = { key: '', place: -1, edges: [] }
  /** Behind the key that was found: where its value begins. */
  valueStart = 0
  private readonly nodes = new Map<string, KeyNode>()
  private readonly placeOf: ReadonlyMap<string, number>

  constructor(placeOf: ReadonlyMap<string, number>) {
    this.placeOf = placeOf
  }

  /** The key behind `from`, whose value ends at `at`; undefined where none is, or none that can be read. */
  next(from: KeyNode, bytes: Uint8Array, view: DataView, at: number, limit: number): KeyNode | undefined {
    const { edges } = from
    for (let index = 0; index < edges.length; index++) {
      const edge = edges[index] as KeyEdge
      if (!stands(edge, view, at, limit)) continue
      this.valueStart = at + edge.length
      return edge.to
    }
    return this.read(from, bytes, at, limit)
  }

  private read(from: KeyNode, bytes: Uint8Array, at: number, limit: number): KeyNode | undefined {
    const opening = blanksEnd(bytes, at, limit)
    if (opening >= limit || bytes[opening] !== (from === this.root ? openBrace : comma)) return undefined
    const first = blanksEnd(bytes, opening + 1, limit)
    if (first >= limit || bytes[first] !== quote) return undefined
    const end = keyEnd(bytes, first + 1, limit)
    if (end === -1) return undefined
    const behind = blanksEnd(bytes, end + 1, limit)
    if (behind >= limit || bytes[behind] !== colon) return undefined
    this.valueStart = blanksEnd(bytes, behind + 1, limit)
    const to = this.nodeOf(textOf(bytes, first + 1, end))
    if (from.edges.length < maxEdges && this.valueStart - at <= maxEdgeBytes)
      from.edges.push(edgeTo(to, Uint8Array.from(bytes.subarray(at, this.valueStart))))
    return to
  }

  private nodeOf(key: string): KeyNode {
    const known = this.nodes.get(key)
    if (known !== undefined) return known
    const place = this.placeOf.get(key) ?? -1
    const node: KeyNode = { key, place, edges: [] }
    if (place >= 0 || this.nodes.size < maxNodes) this.nodes.set(key, node)
    return node
  }
}

/** Whether an object is over at `at`, and nothing but blanks follows. */
export function isEnd(bytes: Uint8Array, at: number, limit: number): boolean {
  const brace = blanksEnd(bytes, at, limit)
  return brace < limit && bytes[brace] === closeBrace && blanksEnd(bytes, brace + 1, limit) === limit
}

function edgeTo(to: KeyNode, bytes: Uint8Array): KeyEdge {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const words = Int32Array.from({ length: (bytes.length + 3) >> 2 }, (_, index) =>
    view.getInt32(Math.min(4 * index, bytes.length - 4), true)
  )
  return { length: bytes.length, words, to }
}

function stands({ length, words }: KeyEdge, view: DataView, at: number, limit: number): boolean {
  const end = at + length
  if (end > limit) return false
  const last = words.length - 1
  for (let index = 0, from = at; index < last; index++, from += 4)
    if (view.getInt32(from, true) !== words[index]) return false
  return view.getInt32(end - 4, true) === words[last]
}

/** The quote that closes a key of plain ASCII. */
function keyEnd(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start; at < limit; at++) {
    const byte = bytes[at] as number
    if (byte === quote) return at
    if (byte < 0x20 || byte > 0x7f || byte === backslash) return -1
  }
  return -1
}
