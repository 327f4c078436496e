import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../../telemetry/clock.ts'
import type { Logger } from '../../../telemetry/types.ts'
import type { PartitionKey } from '../../partition.ts'
import { createSliceReader } from '../slices/reader.ts'
import type { Slice } from '../slices/slice.ts'
import type { FromReader, ReaderCurrency, ReaderHealth, ReaderSettings, ToReader } from './protocol.ts'
import type { ReaderThread, StartReader } from './reader.ts'

/** Between the end of a reader and its next start. */
const restartMs = 1_000
/** What readers that are stopped take to leave their groups; then they are ended. */
const stopMs = 1_000

/** A slice, and what reads it. */
export interface SliceToTake {
  readonly slice: Slice
  readonly each: ReturnType<typeof createSliceReader>['each']
}

export interface ReadersOptions {
  readonly settings: ReaderSettings
  readonly startThread: StartReader
  /** Undefined until it is known: then readers begin. */
  readonly currency: () => ReaderCurrency | undefined
  readonly onCount: (running: number) => void
  readonly onRestart: () => void
  readonly clock: Clock
  readonly log: Logger
}

export interface ReadersUse {
  /** Takes a slice of the epoch that its partition is read in; never rejects. */
  take(one: SliceToTake): Promise<void>
  /** Where a partition is read on, of one that is read. */
  position(key: PartitionKey): number | undefined
  onError(error: unknown): void
}

interface Reader {
  thread: ReaderThread | undefined
  health: ReaderHealth
}

interface Reading {
  readonly reader: Reader
  /** Of the last seek; undefined where nothing is to be read. */
  epoch: number | undefined
}

export type Readers = ReturnType<typeof createReaders>

/** Threads that fetch and decode. Which partitions, from where and how far is decided here; what they send is taken in turn. */
// oxlint-disable-next-line max-lines-per-function -- one state: the threads, their partitions and what they have sent
export function createReaders(options: ReadersOptions) {
  const { settings, startThread, currency, onCount, onRestart, clock, log } = options
  const readers: Reader[] = []
  const partitions = new Map<PartitionKey, Reading>()
  const paused = new Set<PartitionKey>()
  const queue: (SliceToTake & { readonly thread: ReaderThread; learn(): void })[] = []
  let use: ReadersUse
  let epoch = 0
  let isStopped = false
  let isTaking = false

  /** A partition stays with its reader, whose decoder knows its records. */
  function readingOf(key: PartitionKey): Reading {
    const known = partitions.get(key)
    if (known !== undefined) return known
    const reading: Reading = { reader: readers[partitions.size % readers.length] as Reader, epoch: undefined }
    partitions.set(key, reading)
    if (paused.has(key)) reading.reader.thread?.post({ kind: 'pause', keys: [key] })
    return reading
  }

  function seek(key: PartitionKey, offset: number): void {
    const known = currency()
    if (known === undefined) return
    const reading = readingOf(key)
    reading.epoch = ++epoch
    reading.reader.thread?.post({ kind: 'seek', key, epoch: reading.epoch, offset, ...known })
  }

  function tell(kind: 'pause' | 'resume' | 'halt', keys: readonly PartitionKey[]): void {
    for (const key of keys) {
      const message: ToReader = { kind, keys: [key] }
      partitions.get(key)?.reader.thread?.post(message)
    }
  }

  function start(reader: Reader): void {
    const { learn, each } = createSliceReader()
    const thread = startThread(settings, {
      onMessage: message =>
        received(message, reader, slice => {
          queue.push({ slice, each, thread, learn: () => learn(slice) })
          void takeAll()
        }),
      onEnd: reason => void ended(reader, reason)
    })
    reader.thread = thread
    count()
    for (const [key, reading] of partitions) {
      if (reading.reader !== reader) continue
      if (paused.has(key)) thread.post({ kind: 'pause', keys: [key] })
      const position = reading.epoch === undefined ? undefined : use.position(key)
      if (position !== undefined) seek(key, position)
    }
  }

  const count = () => onCount(readers.filter(({ thread }) => thread !== undefined).length)

  function received(message: FromReader, reader: Reader, onSlice: (slice: Slice) => void): void {
    switch (message.kind) {
      case 'slice':
        onSlice(message.slice)
        break
      case 'health':
        reader.health = message.health
        break
      case 'log':
        log[message.level](message.fields, message.message)
        break
      default:
        message satisfies never
    }
  }

  async function ended(reader: Reader, reason = 'it ended'): Promise<void> {
    reader.thread = undefined
    reader.health = healthy
    count()
    if (isStopped) return
    log.error({ error: reason }, 'a reader ended: starting it again, nothing is lost')
    use.onError(new Error(`a reader ended: ${reason}`))
    onRestart()
    await clock.sleep(restartMs)
    if (!isStopped) start(reader)
  }

  /** One slice after another, with a turn of the event loop between them: timers and answers must not wait for all. */
  async function takeAll(): Promise<void> {
    if (isTaking) return
    isTaking = true
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { slice, each, thread } = next
      next.learn()
      if (!isStopped && partitions.get(slice.key)?.epoch === slice.epoch) await use.take({ slice, each })
      thread.post({ kind: 'back', buffer: slice.buffer }, [slice.buffer])
      await turn()
    }
    isTaking = false
  }

  return {
    use(by: ReadersUse): void {
      use = by
    },
    /** Starts as many as there are to be, behind `use`. */
    start(number: number): void {
      while (readers.length < number && !isStopped) {
        const reader: Reader = { thread: undefined, health: healthy }
        readers.push(reader)
        start(reader)
      }
    },
    /** They read, and nobody else does. */
    areReading: (): boolean => readers.length > 0 && currency() !== undefined,
    seek,
    isCurrent: ({ key, epoch: of }: Slice): boolean => partitions.get(key)?.epoch === of,
    pause(keys: readonly PartitionKey[]): void {
      for (const key of keys) paused.add(key)
      tell('pause', keys)
    },
    resume(keys: readonly PartitionKey[]): void {
      for (const key of keys) paused.delete(key)
      tell('resume', keys)
    },
    /** Reads a partition no more, until a seek. */
    halt(key: PartitionKey): void {
      const reading = partitions.get(key)
      if (reading !== undefined) reading.epoch = undefined
      tell('halt', [key])
    },
    health: (): ReaderHealth => ({
      slowness: readers.find(({ health }) => health.slowness !== undefined)?.health.slowness,
      schemas: readers.find(({ health }) => health.schemas !== undefined)?.health.schemas
    }),
    async stop(): Promise<void> {
      isStopped = true
      for (const { thread } of readers) thread?.post({ kind: 'stop' })
      const deadline = clock.monotonic() + stopMs
      while (readers.some(({ thread }) => thread !== undefined) && clock.monotonic() < deadline)
        await clock.sleep(20)
      for (const { thread } of readers) thread?.end()
    }
  }
}

const healthy: ReaderHealth = { slowness: undefined, schemas: undefined }
