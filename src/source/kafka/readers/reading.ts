import type { Consumer, EachBatchPayload } from 'kafkajs'
import { createDecodeRecord, type DecodeRecord } from '../../../decode/decode-record.ts'
import type { Decoded } from '../../../decode/types.ts'
import type { Clock } from '../../../telemetry/clock.ts'
import type { Logger } from '../../../telemetry/types.ts'
import { type PartitionKey, parsePartitionKey, partitionKey } from '../../partition.ts'
import { isUndecodable, type SourceRecord } from '../../record.ts'
import type { Schemas } from '../../registry/schemas.ts'
import { createLogIdentity } from '../log-identity.ts'
import { assignedKeys, partitionControl } from '../partition-control.ts'
import { prepareBatch } from '../prepare-batch.ts'
import { followEmptyBatch, readBatch } from '../read-batch.ts'
import { sliceCapacity } from '../slices/columns.ts'
import { createSliceWriter } from '../slices/writer.ts'
import { createPlaces } from './places.ts'
import type { FromReader, ReaderCurrency, ReaderDecoding, ToReader } from './protocol.ts'

export interface ReadingOptions {
  readonly consumer: Consumer
  readonly schemas: Schemas
  readonly decoding: ReaderDecoding
  readonly slowness: () => string | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly send: (message: FromReader, transfer: ArrayBuffer[]) => void
}

/** Slices that the main thread has not given back yet. */
const maxUnderWay = 4
/** Below it a slice is filled on by the next records of the batch. */
const fullRecords = sliceCapacity - 600
/** Between two heartbeats while the main thread is behind. */
const waitMs = 500

const undecodable: Decoded = { kind: 'dead', reason: 'undecodable_batch' }

/** Reads partitions as it is told, and sends what their records are. */
// oxlint-disable-next-line max-lines-per-function -- one slice in the making, which all of them fill or forget
export function createReading(options: ReadingOptions) {
  const { consumer, schemas, decoding, slowness, clock, log, send } = options
  const control = partitionControl(consumer)
  const places = createPlaces(control)
  const logs = createLogIdentity()
  const writer = createSliceWriter(decoding)
  const decoders = new Map<string, DecodeRecord>()
  let currency: ReaderCurrency = { currency: '', knownCurrencies: new Set() }
  /** Where the slice in the making begins. */
  let begun: { readonly key: PartitionKey; readonly epoch: number; readonly from: number } | undefined
  let underWay = 0
  let wake = () => {}
  let lastReport = ''

  function decoderOf(topic: string): DecodeRecord {
    const known = decoders.get(topic)
    if (known !== undefined) return known
    const { layouts, maxBytes, extraFields } = decoding
    const layout = layouts.get(topic)
    const decode = createDecodeRecord({ ...currency, maxBytes, extraFields, ...(layout && { layout }) })
    decoders.set(topic, decode)
    return decode
  }

  function flush(next: number): void {
    if (begun === undefined) return
    const { key, epoch } = begun
    const slice = writer.take({ ...begun, next, isDoubtful: logs.isDoubtful() })
    logs.trust()
    begun = { key, epoch, from: next }
    underWay++
    send({ kind: 'slice', slice }, [slice.buffer])
  }

  function forget(): void {
    writer.clear()
    begun = undefined
  }

  const handlers = {
    position: (key: PartitionKey) => places.of(key)?.position,
    ingester(key: PartitionKey) {
      const { topic } = parsePartitionKey(key)
      const decode = decoderOf(topic)
      return (offset: number, recordTime: number, record: SourceRecord) => {
        if (writer.isFull()) flush(offset)
        const decoded = isUndecodable(record) ? undecodable : decode(record)
        writer.add(topic, offset, recordTime, decoded, record)
      }
    },
    moveTo(key: PartitionKey, offset: number) {
      const place = places.of(key)
      if (place === undefined) return
      place.position = offset
      if (writer.count() >= fullRecords) flush(offset)
    }
  }

  async function roomFor(heartbeat: () => Promise<void>): Promise<void> {
    while (underWay >= maxUnderWay) {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await Promise.race([promise, clock.sleep(waitMs)])
      await heartbeat()
    }
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale } = payload
    const key = partitionKey(batch.topic, batch.partition)
    const place = places.of(key)
    if (place === undefined || places.isPaused(key)) return
    // A pause lets the batch end, as it does without readers; a seek and a halt do not.
    const isOurs = () => isRunning() && !isStale() && isSame(key, place)
    const reported = async () => {
      report()
      await payload.heartbeat()
    }
    if (!(await prepareBatch({ batch, heartbeat: reported }, { schemas, isOurs, clock, log }))) return
    await roomFor(payload.heartbeat)
    if (!isOurs()) return
    const heartbeat = async () => {
      await payload.heartbeat()
      await roomFor(payload.heartbeat)
    }
    forget()
    begun = { key, epoch: place.epoch, from: place.position }
    await readBatch({ ...payload, heartbeat }, { handlers, isOurs, seek: control.seek, schemas })
    if (begun !== undefined && isSame(key, place) && place.position !== begun.from) flush(place.position)
    forget()
    report()
  }

  const isSame = (key: PartitionKey, place: object) => places.of(key) === place

  function report(): void {
    const health = { slowness: slowness(), schemas: schemas.fault() }
    const text = JSON.stringify(health)
    if (text === lastReport) return
    lastReport = text
    send({ kind: 'health', health }, [])
  }

  function follow(payload: Parameters<typeof followEmptyBatch>[0]): void {
    const key = partitionKey(payload.topic, payload.partition)
    const place = places.of(key)
    if (place === undefined) return
    const from = place.position
    if (!followEmptyBatch(payload, handlers)) return
    begun = { key, epoch: place.epoch, from }
    flush(place.position)
    forget()
  }

  return {
    async run(topics: readonly string[]): Promise<void> {
      const { GROUP_JOIN, END_BATCH_PROCESS, FETCH_START, FETCH } = consumer.events
      consumer.on(GROUP_JOIN, ({ payload }) => places.joined(assignedKeys(payload.memberAssignment)))
      consumer.on(END_BATCH_PROCESS, ({ payload }) => follow(payload))
      consumer.on(FETCH_START, ({ payload }) => logs.fetchBegan(payload.nodeId))
      consumer.on(FETCH, ({ payload }) => {
        logs.fetchEnded(payload.nodeId)
        report()
      })
      await consumer.subscribe({ topics: [...topics] })
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
    },
    take(message: Exclude<ToReader, { readonly kind: 'stop' }>): void {
      switch (message.kind) {
        case 'seek':
          currency = { currency: message.currency, knownCurrencies: message.knownCurrencies }
          if (begun?.key === message.key) forget()
          places.seek(message)
          break
        case 'halt':
          if (message.keys.some(key => key === begun?.key)) forget()
          places.halt(message.keys)
          break
        case 'pause':
        case 'resume':
          places[message.kind](message.keys)
          break
        case 'back':
          underWay--
          writer.giveBack(message.buffer)
          wake()
          break
        default:
          message satisfies never
      }
    }
  }
}
