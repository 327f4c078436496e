import { eventTypes } from '../../../decode/layout.ts'
import { idAt, ScannedEvent } from '../../../decode/scanned-event.ts'
import type { Decoded } from '../../../decode/types.ts'
import type { IngestDecoded, SourceRecord } from '../../record.ts'
import { kinds, SliceColumns } from './columns.ts'
import { type RecordBeside, type Slice, skipReasons } from './slice.ts'
import { createTextTable } from './texts.ts'

const skipped: readonly Decoded[] = skipReasons.map(reason => ({ kind: 'skipped', reason }))
const noRecord: SourceRecord = { key: null, value: null }

/** Reads the slices of one reader, in the order in which it sent them. */
export function createSliceReader() {
  const { learn, textOf } = createTextTable()
  const event = new ScannedEvent()
  const inColumns: Decoded = { kind: 'event', event }

  function load(columns: SliceColumns, at: number): void {
    const amount = columns.amount[at] as number
    const type = columns.type[at] as number
    const known = eventTypes[type]
    event.type = known ?? 'unknown'
    event.typeName = known ?? textOf(columns.typeName[at] as number) ?? ''
    event.eventTime = columns.eventTime[at] as number
    event.prints[idAt.event] = columns.eventPrint[at] as number
    event.prints[idAt.user] = columns.userPrint[at] as number
    event.prints[idAt.session] = columns.sessionPrint[at] as number
    event.prints[idAt.order] = columns.orderPrint[at] as number
    event.productId = textOf(columns.productId[at] as number)
    event.category = textOf(columns.category[at] as number)
    event.paymentMethod = textOf(columns.paymentMethod[at] as number)
    event.country = textOf(columns.country[at] as number)
    event.device = textOf(columns.device[at] as number)
    event.currency = textOf(columns.currency[at] as number) ?? ''
    event.amount = Number.isNaN(amount) ? undefined : amount
    event.quantity = columns.quantity[at] as number
    event.present = columns.present[at] as number
    event.numeric = columns.numeric[at] as number
    event.faults = columns.faults[at] as number
  }

  return {
    /** Must be called for every slice, even one that is dropped: it may bring texts. */
    learn,
    /** Hands over each record, valid until the next. */
    each({ buffer, count, beside }: Slice, ingest: IngestDecoded): void {
      const columns = new SliceColumns(buffer)
      let next = 0
      for (let at = 0; at < count; at++) {
        const kind = columns.kind[at] as number
        const offset = columns.offset[at] as number
        const recordTime = columns.recordTime[at] as number
        if (kind === kinds.event) {
          load(columns, at)
          ingest(offset, recordTime, inColumns, noRecord)
        } else if (kind === kinds.beside) {
          const record = beside[next++] as RecordBeside
          ingest(offset, recordTime, record.decoded, recordOf(record))
        } else ingest(offset, recordTime, skipped[kind - kinds.skipped] as Decoded, noRecord)
      }
    }
  }
}

const recordOf = ({ key, value, original }: RecordBeside): SourceRecord => ({
  key: bufferOf(key),
  value: bufferOf(value),
  ...(original && { original: Buffer.from(original.buffer) })
})

const bufferOf = (bytes: Uint8Array | null | undefined): Buffer | null =>
  bytes === null || bytes === undefined ? null : Buffer.from(bytes.buffer)
