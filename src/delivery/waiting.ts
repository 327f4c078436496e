import { moreSevere } from '../../detectors/rules/severity.ts'
import { type Candidate, type QueueEntry, threadOf } from './queue-order.ts'

export type Waiting = ReturnType<typeof createWaiting>

interface Thread {
  /** In the order in which they came. */
  readonly entries: QueueEntry[]
  first: Candidate
}

/** What waits, by receiver and by thread, so that neither a send nor its end looks at everything. */
export function createWaiting() {
  const all = new Set<QueueEntry>()
  const byReceiver = new Map<string, Map<string, Thread>>()

  const threadsOf = (receiver: string): ReadonlyMap<string, Thread> => byReceiver.get(receiver) ?? new Map()

  return {
    add(entry: QueueEntry): void {
      all.add(entry)
      const { receiver, severity } = entry.record
      const name = threadOf(entry.record)
      const threads = byReceiver.get(receiver) ?? new Map<string, Thread>()
      byReceiver.set(receiver, threads)
      const thread = threads.get(name)
      if (thread === undefined) {
        threads.set(name, { entries: [entry], first: { entry, priority: severity } })
        return
      }
      thread.entries.push(entry)
      thread.first = { ...thread.first, priority: moreSevere(thread.first.priority, severity) }
    },
    /** False if it did not wait. */
    delete(entry: QueueEntry): boolean {
      if (!all.delete(entry)) return false
      const { receiver } = entry.record
      const name = threadOf(entry.record)
      const threads = byReceiver.get(receiver)
      const thread = threads?.get(name)
      if (threads === undefined || thread === undefined) return true
      thread.entries.splice(thread.entries.indexOf(entry), 1)
      const [next, ...others] = thread.entries
      if (next === undefined) threads.delete(name)
      else thread.first = firstOf(next, others)
      if (threads.size === 0) byReceiver.delete(receiver)
      return true
    },
    has: (entry: QueueEntry): boolean => all.has(entry),
    size: (): number => all.size,
    /** A copy, in the order in which they came. */
    all: (): QueueEntry[] => [...all],
    ofThread: (record: QueueEntry['record']): readonly QueueEntry[] => [
      ...(threadsOf(record.receiver).get(threadOf(record))?.entries ?? [])
    ],
    receivers: (): Iterable<string> => byReceiver.keys(),
    *ofReceiver(receiver: string): Generator<QueueEntry> {
      for (const { entries } of threadsOf(receiver).values()) yield* entries
    },
    /**
     * Only the first entry of a thread may be sent: a resolve before its trigger would leave a page open, and a reply needs
     * the message that it replies to.
     */
    *candidatesOf(receiver: string): Generator<Candidate> {
      for (const { first } of threadsOf(receiver).values()) yield first
    },
    countOf(receiver: string): number {
      let count = 0
      for (const { entries } of threadsOf(receiver).values()) count += entries.length
      return count
    }
  }
}

function firstOf(entry: QueueEntry, others: readonly QueueEntry[]): Candidate {
  const priority = others.reduce(
    (most, { record }) => moreSevere(most, record.severity),
    entry.record.severity
  )
  return { entry, priority }
}
