import type { RecordValue } from '../decode-record.ts'
import type { Layout } from '../layout.ts'
import type { DeadReason, Decoded, DecodedPart, Fault } from '../types.ts'
import { type Example, type ExampleOf, exampleText } from './example.ts'
import { problemsOf, type StreamProblem } from './problems.ts'
import { addToCounts, addWrong, type Problem } from './stream-counts.ts'
import { createStretches, type Stretches } from './stretches.ts'

/** How a stream does. */
export interface StreamHealth {
  readonly records: number
  /** False where none of so many records that chance explains it is an event of a known type. */
  readonly isUsable: boolean
  readonly problems: readonly StreamProblem[]
}

export interface StreamWatch {
  /** Takes a record; true where it is time to look for problems again. */
  observe(decoded: Decoded, record: Pick<RecordValue, 'value'>): boolean
  /** An event that was taken is a dead letter after all: its time is too far ahead of its record. */
  reject(value: Buffer | string | null): void
  /** So many purchases of an order that was counted before, such as this one. */
  repeat(purchases: number, orderId: string): void
  /** Of the newest one or two thousand records, or of all. */
  health(of: 'recent' | 'all'): StreamHealth
}

/** The same of each topic that has been read. */
export interface TopicWatch {
  /** Takes records of a topic that were decoded elsewhere; of an event that is right, the value may be missing. */
  observe(topic: string): (decoded: Decoded, record: Pick<RecordValue, 'value'>) => void
  /** What a record shows of why it is dead. */
  exampleOf(topic: string, value: Buffer | null, reason: DeadReason): Example | undefined
  reject(topic: string, value: Buffer | null): void
  repeat(topic: string, purchases: number, orderId: string): void
  /** Of the newest records of each. */
  health(): ReadonlyMap<string, StreamHealth>
}

export interface StreamWatchOptions {
  readonly layout: Layout
  readonly currency: string
  readonly exampleOf: ExampleOf
}

/** Fewer records in a row may be dead by chance. */
const minRecords = 20
/** A problem is reported with the next batch. */
const plainBatch = 20
const lookAtRecords = [20, 100]
const lookAtPurchases = [5, 20, 100]

/** Counts from the first record on what is wrong with a stream, with an example of each. */
export function createStreamWatch({ layout, currency, exampleOf }: StreamWatchOptions): StreamWatch {
  const stretches = createStretches()
  const isDue = createIsDue(stretches)
  const { examples, keep, show, forget } = createExampleMemory(exampleOf)
  /** Events without a fault that are no purchases, by far the most frequent: they are counted in batches. */
  let plain = 0

  function addPlain(): void {
    const counts = stretches.current()
    counts.records += plain
    counts.usable += plain
    plain = 0
  }

  function addPart(part: DecodedPart, record: Pick<RecordValue, 'value'>): void {
    const shown = () => (part.kind === 'dead' ? (part.source ?? record.value) : record.value)
    addToCounts(stretches.current(), part, what => keep(what, shown))
  }

  function due(): boolean {
    if (!stretches.begin()) return isDue()
    forget()
    return true
  }

  return {
    observe(decoded, record) {
      if (decoded.kind === 'event' && decoded.event.faults === 0 && decoded.event.type !== 'purchase') {
        if (++plain < plainBatch) return false
        addPlain()
        return due()
      }
      addPlain()
      for (const part of decoded.kind === 'several' ? decoded.parts : [decoded]) addPart(part, record)
      return due()
    },
    reject(own) {
      addPlain()
      const counts = stretches.current()
      counts.usable--
      addWrong(counts, 'future_event_time', what => keep(what, () => own))
    },
    repeat(purchases, orderId) {
      addWrong(stretches.current(), 'repeated_order', what => show(what, exampleText(orderId)), purchases)
    },
    health(of) {
      addPlain()
      const counts = stretches.counts(of)
      return {
        records: counts.records,
        isUsable: counts.usable > 0 || counts.records < minRecords,
        problems: problemsOf(counts, examples, { layout, currency })
      }
    }
  }
}

/** Whether the first stretch has just come to one of the counts at which problems are reported. */
function createIsDue({ current, isFirst }: Stretches): () => boolean {
  let seenRecords = 0
  let seenPurchases = 0
  return function isDue() {
    if (!isFirst()) return false
    const { records, purchases } = current()
    const crossed =
      lookAtRecords.some(count => seenRecords < count && records >= count) ||
      lookAtPurchases.some(count => seenPurchases < count && purchases >= count)
    seenRecords = records
    seenPurchases = purchases
    return crossed
  }
}

/** An example of each fault, looked for once in a stretch. */
function createExampleMemory(exampleOf: ExampleOf) {
  const examples = new Map<Problem, Example>()
  const fresh = new Set<DeadReason | Fault>()
  return {
    examples,
    keep(what: DeadReason | Fault, shown: () => Buffer | string | null): void {
      if (fresh.has(what)) return
      fresh.add(what)
      const example = exampleOf(shown(), what)
      if (example !== undefined) examples.set(what, example)
    },
    /** Takes an example that is known. */
    show: (what: Problem, example: Example) => void examples.set(what, example),
    forget: () => fresh.clear()
  }
}
