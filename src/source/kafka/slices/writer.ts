import { eventTypes } from '../../../decode/layout.ts'
import {
  eventPrintOf,
  keptEvent,
  orderPrintOf,
  sessionPrintOf,
  userPrintOf
} from '../../../decode/scanned-event.ts'
import type { Decoded, DecodedPart, ShopEvent } from '../../../decode/types.ts'
import type { PartitionKey } from '../../partition.ts'
import type { SourceRecord } from '../../record.ts'
import { kinds, SliceColumns, sliceCapacity } from './columns.ts'
import { type RecordBeside, type Slice, skipReasons } from './slice.ts'
import { createTextNumbers } from './texts.ts'

const idFields = ['event_id', 'user_id', 'session_id', 'order_id'] as const

export interface SliceWriterOptions {
  /** Fields of events whose values the configuration asks for. */
  readonly fields: ReadonlySet<string>
  /** The most that an event may be ahead of its record's timestamp: beyond it is a dead letter. */
  readonly trustAheadMs: number
}

/** Faulty events of a topic whose bytes are kept from the first on: what is wrong is told with the names in them. */
const firstFaulty = 1_000

/** Writes what a reader decoded into slices. An event is read at once: the decoder may use it again. */
export function createSliceWriter({ fields, trustAheadMs }: SliceWriterOptions) {
  const texts = createTextNumbers()
  const writeEvent = createEventWriter(fields, texts.numberOf)
  // The columns do not have the texts of ids.
  const needsIds = idFields.some(field => fields.has(field))
  const free: ArrayBuffer[] = []
  const faulty = new Map<string, number>()
  let columns = new SliceColumns()
  let count = 0
  let beside: RecordBeside[] = []
  /** Of the faults of which this slice has an example. */
  let shown = 0

  const fits = (event: ShopEvent) =>
    !needsIds && event.type !== 'purchase' && event.lines === undefined && event.extra.length === 0

  /** Whether the watch of the stream may want the bytes of this event as an example. */
  function isExample(topic: string, faults: number): boolean {
    const seen = faulty.get(topic) ?? 0
    if (seen < firstFaulty) faulty.set(topic, seen + 1)
    const isNew = (faults & ~shown) !== 0
    shown |= faults
    return isNew || seen < firstFaulty
  }

  function addBeside(decoded: Decoded, record: SourceRecord | undefined): void {
    columns.kind[count] = kinds.beside
    beside.push({
      decoded: decoded.kind === 'several' ? { ...decoded, parts: decoded.parts.map(kept) } : kept(decoded),
      ...(record && bytesOf(record))
    })
  }

  return {
    /** Takes a record of the topic; only where the slice is not full. */
    add(topic: string, offset: number, recordTime: number, decoded: Decoded, record: SourceRecord): void {
      columns.offset[count] = offset
      columns.recordTime[count] = recordTime
      if (decoded.kind === 'event') {
        const { event } = decoded
        const isWanted =
          event.eventTime > recordTime + trustAheadMs ||
          (event.faults !== 0 && isExample(topic, event.faults))
        if (isWanted || !fits(event)) addBeside(decoded, isWanted ? record : undefined)
        else writeEvent(columns, count, event)
      } else if (decoded.kind === 'skipped')
        columns.kind[count] = kinds.skipped + skipReasons.indexOf(decoded.reason)
      else addBeside(decoded, record)
      count++
    },
    count: (): number => count,
    isFull: (): boolean => count === sliceCapacity,
    /** The records so far as a slice, whose buffer is given away. */
    take(at: Pick<Slice, 'epoch' | 'from' | 'next' | 'isDoubtful'> & { readonly key: PartitionKey }): Slice {
      const slice: Slice = { ...at, count, buffer: columns.buffer, beside, ...texts.takeFresh() }
      columns = new SliceColumns(free.pop())
      clear()
      return slice
    },
    /** Forgets the records so far. */
    clear,
    /** A buffer that comes back is used again. */
    giveBack: (buffer: ArrayBuffer): void => void free.push(buffer)
  }

  function clear(): void {
    count = 0
    beside = []
    shown = 0
  }
}

/** Writes an event into its place of the columns, with the names that the configuration asks for. */
function createEventWriter(fields: ReadonlySet<string>, numberOf: (text: string | undefined) => number) {
  const reads = {
    productId: fields.has('product_id'),
    category: fields.has('category'),
    paymentMethod: fields.has('payment_method'),
    country: fields.has('country'),
    device: fields.has('device')
  }

  return function writeEvent(to: SliceColumns, at: number, event: ShopEvent): void {
    const { type, amount } = event
    to.kind[at] = kinds.event
    to.eventTime[at] = event.eventTime
    to.amount[at] = amount ?? Number.NaN
    to.quantity[at] = event.quantity
    to.eventPrint[at] = eventPrintOf(event)
    to.userPrint[at] = userPrintOf(event)
    to.sessionPrint[at] = sessionPrintOf(event)
    to.orderPrint[at] = orderPrintOf(event)
    // A known type is its own name.
    to.type[at] = type === 'unknown' ? eventTypes.length : eventTypes.indexOf(type)
    to.typeName[at] = type === 'unknown' ? numberOf(event.typeName) : 0
    to.productId[at] = reads.productId ? numberOf(event.productId) : 0
    to.category[at] = reads.category ? numberOf(event.category) : 0
    to.paymentMethod[at] = reads.paymentMethod ? numberOf(event.paymentMethod) : 0
    to.country[at] = reads.country ? numberOf(event.country) : 0
    to.device[at] = reads.device ? numberOf(event.device) : 0
    to.currency[at] = numberOf(event.currency)
    to.present[at] = event.present
    to.numeric[at] = event.numeric
    to.faults[at] = event.faults
  }
}

const kept = (part: DecodedPart): DecodedPart =>
  part.kind === 'event' ? { kind: 'event', event: { ...keptEvent(part.event) } } : part

const bytesOf = ({ key, value, original }: SourceRecord): Omit<RecordBeside, 'decoded'> => ({
  key: copyOf(key),
  value: copyOf(value),
  ...(original && { original: new Uint8Array(original) })
})

/** In a buffer of its own: what is sent of a view is all that lies behind it. */
const copyOf = (bytes: Buffer | null): Uint8Array | null => (bytes === null ? null : new Uint8Array(bytes))
