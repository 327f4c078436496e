import type { Layout } from '../layout.ts'
import type { DeadReason, Decoded, DecodedPart, Fault } from '../types.ts'
import type { Example, ExampleOf } from './example.ts'
import { problemsOf, type StreamProblem } from './problems.ts'
import { addToCounts, addWrong, emptyCounts, type StreamCounts, sumOfCounts } from './stream-counts.ts'

/** How a stream does. */
export interface StreamHealth {
  readonly records: number
  /** False where none of so many records that chance explains it is an event of a known type. */
  readonly isUsable: boolean
  readonly problems: readonly StreamProblem[]
}

export interface StreamWatch {
  /** Takes a record; true where so many have come since the last time that problems should be told. */
  observe(decoded: Decoded, value: Buffer | string | null): boolean
  /** An event that was taken is a dead letter after all: its time is too far ahead of its record. */
  reject(value: Buffer | string | null): void
  /** Of the newest one or two thousand records, or of all. */
  health(of: 'recent' | 'all'): StreamHealth
}

/** The same of each topic that has been read. */
export interface TopicWatch {
  /** What a record shows of why it is dead. */
  exampleOf(topic: string, value: Buffer | null, reason: DeadReason): Example | undefined
  reject(topic: string, value: Buffer | null): void
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
const enoughRecords = 1_000
/** Where purchases are rare, a stretch is longer. */
const enoughPurchases = 50
const maxRecords = 50_000
const tellAtRecords = [20, 100]
const tellAtPurchases = [5, 20, 100]

/** Counts from the first record on what is wrong with a stream, with an example of each. */
export function createStreamWatch({ layout, currency, exampleOf }: StreamWatchOptions): StreamWatch {
  let older = emptyCounts()
  let previous = emptyCounts()
  let current = emptyCounts()
  let isFirstStretch = true
  const examples = new Map<DeadReason | Fault, Example>()
  /** What has an example of this stretch. */
  const fresh = new Set<DeadReason | Fault>()
  let value: Buffer | string | null = null

  function keepExample(what: DeadReason | Fault): void {
    if (fresh.has(what)) return
    fresh.add(what)
    const example = exampleOf(value, what)
    if (example !== undefined) examples.set(what, example)
  }

  function addPart(part: DecodedPart, own: Buffer | string | null): void {
    value = part.kind === 'dead' ? (part.source ?? own) : own
    addToCounts(current, part, keepExample)
  }

  function isFull({ records, purchases }: StreamCounts): boolean {
    return records >= enoughRecords && (purchases >= enoughPurchases || records >= maxRecords)
  }

  function rotate(): void {
    older = sumOfCounts(older, previous)
    previous = current
    current = emptyCounts()
    isFirstStretch = false
    fresh.clear()
  }

  return {
    observe(decoded, own) {
      const { records, purchases } = current
      value = own
      if (decoded.kind !== 'several') addToCounts(current, decoded, keepExample)
      else for (const part of decoded.parts) addPart(part, own)
      value = null
      if (isFull(current)) {
        rotate()
        return true
      }
      if (!isFirstStretch) return false
      return (
        tellAtRecords.some(count => records < count && current.records >= count) ||
        tellAtPurchases.some(count => purchases < count && current.purchases >= count)
      )
    },
    reject(own) {
      value = own
      current.usable--
      addWrong(current, 'future_event_time', keepExample)
      value = null
    },
    health(of) {
      const recent = sumOfCounts(previous, current)
      const counts = of === 'recent' ? recent : sumOfCounts(older, recent)
      return {
        records: counts.records,
        isUsable: counts.usable > 0 || counts.records < minRecords,
        problems: problemsOf(counts, examples, { layout, currency })
      }
    }
  }
}
