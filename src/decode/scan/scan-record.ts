import { frameHeadLength } from '../envelope.ts'
import { extraOf } from '../fields.ts'
import { native } from '../layouts/native.ts'
import type { ScannedEvent } from '../scanned-event.ts'
import { type DecodeOptions, type ExtraValue, noExtra } from '../types.ts'
import { quote } from './bytes.ts'
import { EventWriter } from './event-writer.ts'
import { isEnd, KeyGraph, type KeyNode } from './key-graph.ts'
import { NumberScan } from './number-scan.ts'
import { type ScanKeys, scanKeysOf } from './scan-keys.ts'
import { valueEnd } from './skip-value.ts'
import { TextScan } from './text-scan.ts'

/**
 * Reads the event in the bytes from `start` to `end`; undefined where that has to be done by a parse. The event is the same object
 * each time: it holds until the next call (`keptEvent`).
 */
export type ScanRecord = (bytes: Buffer, start: number, end: number) => ScannedEvent | undefined

/** Undefined for a layout whose records must be parsed. */
export function createScanRecord(options: DecodeOptions): ScanRecord | undefined {
  const keys = scanKeysOf(options.layout ?? native, options.extraFields ?? [])
  if (keys === undefined) return undefined
  const scan = new RecordScan(options, keys)
  return (bytes, start, end) => scan.read(bytes, start, end)
}

class RecordScan {
  private readonly maxBytes: number
  private readonly keys: ScanKeys
  private readonly graph: KeyGraph
  private readonly writer: EventWriter
  private readonly texts = new TextScan()
  private readonly numbers = new NumberScan()
  private bytes: Buffer = Buffer.alloc(0)
  /** The keys that have come, a bit each: the last of two would count. */
  private seen = 0
  private extra: ExtraValue[] = []

  constructor(options: DecodeOptions, keys: ScanKeys) {
    this.maxBytes = options.maxBytes
    this.keys = keys
    this.graph = new KeyGraph(keys.placeOf)
    this.writer = new EventWriter(options)
  }

  read(bytes: Buffer, start: number, end: number): ScannedEvent | undefined {
    if (end - start > this.maxBytes || start >= end) return undefined
    if (bytes !== this.bytes) this.open(bytes)
    const { graph, writer, keys, texts } = this
    writer.begin(bytes)
    this.seen = 0
    if (keys.extraCount > 0) this.extra = new Array(keys.extraCount).fill(undefined)
    let node: KeyNode | undefined = graph.root
    let at = bytes[start] === frameMark ? start + frameHeadLength : start
    while (node !== undefined) {
      node = graph.next(node, bytes, texts.view, at, end)
      if (node === undefined) break
      at = this.value(node.place, graph.valueStart, end)
      if (at === -1) return undefined
    }
    if (!isEnd(bytes, at, end)) return undefined
    return writer.finish(keys.extraCount > 0 ? this.extra : noExtra)
  }

  private open(bytes: Buffer): void {
    this.bytes = bytes
    this.texts.bytes = bytes
    this.texts.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Behind the value of a key; -1 where a parse has to read it. */
  private value(place: number, start: number, limit: number): number {
    if (place < 0) return this.skip(start, limit)
    const bit = 1 << place
    if ((this.seen & bit) !== 0) return -1
    this.seen |= bit
    const fields = this.keys.fields[place] as readonly number[]
    if (fields.length === 0) return this.extraValue(this.keys.extras[place] as number, start, limit)
    const byte = this.bytes[start]
    if (byte === quote) return this.text(fields, start + 1, limit)
    if (byte === letterN) return valueEnd(this.bytes, start, limit)
    return this.number(fields, start, limit)
  }

  private text(fields: readonly number[], start: number, limit: number): number {
    const { texts, writer } = this
    const isPlain = texts.plain(start, limit)
    if (!isPlain && !texts.wide(start, limit)) return -1
    const { end, print } = texts
    if (end === start) return end + 1
    for (const field of fields) {
      const isTaken = isPlain ? writer.text(field, start, end, print) : writer.wideText(field, start, end)
      if (!isTaken) return -1
    }
    return end + 1
  }

  private number(fields: readonly number[], start: number, limit: number): number {
    const { numbers, writer, texts } = this
    if (!numbers.read(this.bytes, start, limit)) return -1
    for (const field of fields) if (!writer.number(field, numbers, start, texts)) return -1
    return numbers.end
  }

  private skip(start: number, limit: number): number {
    const isPlainText = this.bytes[start] === quote && this.texts.plain(start + 1, limit)
    return isPlainText ? this.texts.end + 1 : valueEnd(this.bytes, start, limit)
  }

  /** Of a key of an envelope there is no place: around an event, it says that more is to be looked at. */
  private extraValue(place: number, start: number, limit: number): number {
    if (place < 0) return -1
    const { bytes, texts, numbers } = this
    switch (bytes[start]) {
      case quote:
        if (!texts.plain(start + 1, limit) && !texts.wide(start + 1, limit)) return -1
        this.extra[place] = extraOf(bytes.toString('utf8', start + 1, texts.end))
        return texts.end + 1
      case letterN:
        return valueEnd(bytes, start, limit)
      case letterT:
      case letterF:
        this.extra[place] = bytes[start] === letterT
        return valueEnd(bytes, start, limit)
      default:
        if (!numbers.read(bytes, start, limit)) return -1
        this.extra[place] = numbers.value
        return numbers.end
    }
  }
}

const frameMark = 0
const letterF = 0x66
const letterN = 0x6e
const letterT = 0x74
