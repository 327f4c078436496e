import { cutText, extraOf } from '../fields.ts'
import { contractFields } from '../layout.ts'
import { native } from '../layouts/native.ts'
import { createParseTime } from '../time.ts'
import type { DecodeOptions, ExtraValue } from '../types.ts'
import { quote } from './bytes.ts'
import { type EventWriter, fieldAt, type KnownType } from './event-writer.ts'
import { IsoTime } from './iso-time.ts'
import { textOf } from './latin1.ts'
import { NumberScan } from './number-scan.ts'
import { valueEnd } from './skip-value.ts'
import { TextScan } from './text-scan.ts'
import { ValueCache } from './value-cache.ts'

/** Longer ids are cut, by the parse. */
const maxIdLength = 256

/** Reads the values of keys into an event. Each method gives the place behind the value, or -1 where only a parse reads it right. */
export class ValueReader {
  readonly texts = new TextScan()
  /** The further fields of the event. */
  extra: ExtraValue[] = []
  private bytes: Buffer = Buffer.alloc(0)
  private readonly writer: EventWriter
  private readonly numbers = new NumberScan()
  private readonly isoTime = new IsoTime()
  private readonly parseTime: (value: unknown) => number | undefined
  private readonly types = new ValueCache<KnownType>()
  /** Of the last time that was a text. */
  private timeLength = 0

  constructor(options: DecodeOptions, writer: EventWriter) {
    this.writer = writer
    this.parseTime = createParseTime(options.layout ?? native)
  }

  open(bytes: Buffer): void {
    if (bytes === this.bytes) return
    this.bytes = bytes
    this.texts.bytes = bytes
    this.texts.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Of a key that nobody asks for. */
  skip(start: number, limit: number): number {
    const isPlainText = this.bytes[start] === quote && this.texts.plain(start + 1, limit)
    return isPlainText ? this.texts.end + 1 : valueEnd(this.bytes, start, limit)
  }

  time(start: number, limit: number): number {
    const { bytes, texts, numbers, writer } = this
    const bit = 1 << fieldAt.event_time
    if (bytes[start] !== quote) {
      if (!numbers.read(bytes, start, limit)) return -1
      writer.event.eventTime = this.parseTime(numbers.value) ?? Number.NaN
      writer.has(bit, true)
      return Number.isNaN(writer.event.eventTime) ? -1 : numbers.end
    }
    const first = start + 1
    // What is read as a time holds no quote and no escape: so its end need not be looked for.
    let end = first + this.timeLength
    if (end >= limit || bytes[end] !== quote) {
      if (!texts.plain(first, limit)) return -1
      end = texts.end
    }
    if (!this.isoTime.read(bytes, texts.view, first, end)) return -1
    this.timeLength = end - first
    writer.event.eventTime = this.isoTime.value
    writer.has(bit, false)
    return end + 1
  }

  type(start: number, limit: number): number {
    const { bytes, texts, types, writer } = this
    if (types.find(texts.view, start, limit)) {
      writer.type = types.value
      writer.has(1 << fieldAt.event_type, false)
      return types.end
    }
    if (bytes[start] !== quote || !texts.plain(start + 1, limit)) return -1
    const { end } = texts
    if (end === start + 1) return -1
    writer.type = writer.typeOf(textOf(bytes, start + 1, end))
    writer.has(1 << fieldAt.event_type, false)
    types.keep(texts.view, start, end + 1, limit, writer.type, false)
    return end + 1
  }

  ids(fields: readonly number[], bits: number, start: number, limit: number): number {
    const { bytes, texts, numbers } = this
    if (bytes[start] === quote) {
      if (!texts.plain(start + 1, limit)) return -1
      const { end } = texts
      return end === start + 1 ? end + 1 : this.putIds(fields, bits, start + 1, end, false)
    }
    if (bytes[start] === letterN) return valueEnd(bytes, start, limit)
    if (!numbers.read(bytes, start, limit) || !numbers.isInteger) return -1
    texts.readPrint(start, numbers.end)
    return this.putIds(fields, bits, start, numbers.end, true)
  }

  private putIds(
    fields: readonly number[],
    bits: number,
    start: number,
    end: number,
    isNumber: boolean
  ): number {
    if (end - start > maxIdLength) return -1
    const { writer, texts } = this
    for (let index = 0; index < fields.length; index++) writer.id(fields[index] as number, texts, start, end)
    writer.has(bits, isNumber)
    return isNumber ? end : end + 1
  }

  /** `known` has the values of this key. */
  names(
    fields: readonly number[],
    bits: number,
    known: ValueCache<string>,
    start: number,
    limit: number
  ): number {
    if (known.find(this.texts.view, start, limit))
      return this.putNames(fields, bits, known.value as string, known.slot, known.end, known.isNumber)
    const { bytes, texts, numbers } = this
    if (bytes[start] === quote) {
      const isPlain = texts.plain(start + 1, limit)
      if (!isPlain && !texts.wide(start + 1, limit)) return -1
      const { end } = texts
      if (end === start + 1) return end + 1
      const text = cutText(isPlain ? textOf(bytes, start + 1, end) : bytes.toString('utf8', start + 1, end))
      known.keep(texts.view, start, end + 1, limit, text, false)
      return this.putNames(fields, bits, text, known.slot, end + 1, false)
    }
    if (bytes[start] === letterN) return valueEnd(bytes, start, limit)
    if (!numbers.read(bytes, start, limit) || !numbers.isInteger) return -1
    const text = textOf(bytes, start, numbers.end)
    known.keep(texts.view, start, numbers.end, limit, text, true)
    return this.putNames(fields, bits, text, known.slot, numbers.end, true)
  }

  private putNames(
    fields: readonly number[],
    bits: number,
    text: string,
    hint: number,
    end: number,
    isNumber: boolean
  ): number {
    for (let index = 0; index < fields.length; index++) this.writer.name(fields[index] as number, text, hint)
    this.writer.has(bits, isNumber)
    return end
  }

  /** Prices and quantities, also those that are written as a text. */
  decimals(fields: readonly number[], bits: number, start: number, limit: number): number {
    const { bytes, numbers } = this
    if (bytes[start] === letterN) return valueEnd(bytes, start, limit)
    const isText = bytes[start] === quote
    const first = isText ? start + 1 : start
    if (!numbers.read(bytes, first, limit)) return -1
    const { end } = numbers
    if (isText && (end >= limit || bytes[end] !== quote)) return -1
    const value = isText ? textOf(bytes, first, end) : numbers.value
    for (const field of fields) {
      if (field === fieldAt.price) this.writer.price = value
      else this.writer.quantity = value
    }
    this.writer.has(bits, !isText)
    return isText ? end + 1 : end
  }

  /** `known` has the texts of this key. */
  furtherField(place: number, known: ValueCache<ExtraValue>, start: number, limit: number): number {
    const { bytes, texts, numbers, extra } = this
    const { hints } = this.writer.event
    switch (bytes[start]) {
      case quote:
        if (known.find(texts.view, start, limit)) {
          extra[place] = known.value
          hints[furtherAt + place] = known.slot
          return known.end
        }
        if (!texts.plain(start + 1, limit) && !texts.wide(start + 1, limit)) return -1
        extra[place] = extraOf(bytes.toString('utf8', start + 1, texts.end))
        known.keep(texts.view, start, texts.end + 1, limit, extra[place], false)
        hints[furtherAt + place] = known.slot
        return texts.end + 1
      case letterN:
        return valueEnd(bytes, start, limit)
      case letterT:
      case letterF:
        extra[place] = bytes[start] === letterT
        return valueEnd(bytes, start, limit)
      default:
        if (!numbers.read(bytes, start, limit)) return -1
        extra[place] = numbers.value
        return numbers.end
    }
  }
}

const furtherAt = contractFields.length
const letterF = 0x66
const letterN = 0x6e
const letterT = 0x74
