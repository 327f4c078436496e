import type { TopicWatch } from '../decode/stream/stream-watch.ts'
import type { DeadReason } from '../decode/types.ts'
import type { DeadLetter, DeadLetters } from '../source/dead-letters.ts'
import { type PartitionKey, parsePartitionKey } from '../source/partition.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { minuteMs } from '../time/units.ts'

/** With more dead letters in memory, nothing is read until they are kept. */
const maxLetters = 10_000
const maxBytes = 64 * 1024 * 1024

/** Why dead letters cannot be kept, and since when in milliseconds. */
export interface DeadLetterFault {
  readonly since: number
  /** Undefined while nothing has answered yet. */
  readonly error: string | undefined
}

export type DeadLetterQueue = ReturnType<typeof createDeadLetterQueue>

/** Dead letters that are not kept yet. An offset is committed only after a flush. */
export function createDeadLetterQueue(letters: DeadLetters, clock: Pick<Clock, 'now'>) {
  let queue: DeadLetter[] = []
  let bytes = 0
  let unkeptSince: number | undefined
  let error: string | undefined
  let flushing: Promise<void> = Promise.resolve()

  async function flushOnce(): Promise<void> {
    // A copy: letters that come during the write are not part of it.
    const batch = [...queue]
    if (batch.length === 0) return
    unkeptSince ??= clock.now()
    try {
      await letters.keep(batch)
    } catch (cause) {
      if (unkeptSince !== undefined) error = messageOf(cause)
      throw cause
    }
    unkeptSince = undefined
    error = undefined
    // After a discard the queue no longer begins with this batch.
    if (queue[0] !== batch[0]) return
    queue = queue.slice(batch.length)
    bytes = queue.reduce((sum, letter) => sum + sizeOf(letter), 0)
  }

  return {
    push(letter: DeadLetter): void {
      queue.push(letter)
      bytes += sizeOf(letter)
    },
    /** Resolves once every letter pushed so far is kept. Rejects if that fails: they stay queued. */
    flush(): Promise<void> {
      flushing = flushing.then(flushOnce, flushOnce)
      return flushing
    },
    isFull: (): boolean => queue.length > maxLetters || bytes > maxBytes,
    size: (): number => queue.length,
    /** Undefined while letters are kept as they come: nothing is committed as long as they are not. */
    fault: (): DeadLetterFault | undefined =>
      unkeptSince === undefined ? undefined : { since: unkeptSince, error },
    discard(): void {
      queue = []
      bytes = 0
      unkeptSince = undefined
      error = undefined
    }
  }
}

const sizeOf = ({ key, value }: DeadLetter) => (key?.length ?? 0) + (value?.length ?? 0)

/** At most one log line a reason in this time: a broken producer may write thousands a second. */
const quietMs = minuteMs

export type DeadLetterLog = (
  reason: DeadReason,
  partition: PartitionKey,
  offset: number,
  value: Buffer | null
) => void

export interface DeadLetterLogOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly topics: Pick<TopicWatch, 'exampleOf'>
}

/** Logs where a dead letter was, with an example, and how many of its reason there were since the last line. */
export function createDeadLetterLog({ clock, log, topics }: DeadLetterLogOptions): DeadLetterLog {
  const since = new Map<DeadReason, { at: number; count: number }>()
  return function note(reason, partition, offset, value) {
    const last = since.get(reason)
    const count = (last?.count ?? 0) + 1
    if (last !== undefined && clock.now() - last.at < quietMs) {
      last.count = count
      return
    }
    since.set(reason, { at: clock.now(), count: 0 })
    const example = topics.exampleOf(parsePartitionKey(partition).topic, value, reason)
    log.warn(
      {
        reason,
        partition,
        offset,
        count,
        ...(example !== undefined && { example: example.text }),
        ...(example?.hint !== undefined && { hint: example.hint })
      },
      'dead letter'
    )
  }
}
