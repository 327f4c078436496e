import type { DeadLetter, DeadLetters } from '../source/types.ts'

/** Dead letters in memory beyond which nothing more is read until they are kept. */
const maxLetters = 10_000
const maxBytes = 64 * 1024 * 1024

export interface DeadQueue {
  push(letter: DeadLetter): void
  /** Resolves when every letter pushed so far is kept; rejects, and keeps them queued, where that failed. */
  flush(): Promise<void>
  isFull(): boolean
  size(): number
  discard(): void
}

/** Holds dead letters between their record and their safe place: an offset is committed only behind a flush. */
export function createDeadQueue(letters: DeadLetters): DeadQueue {
  let queue: DeadLetter[] = []
  let bytes = 0
  let flushing: Promise<void> = Promise.resolve()

  async function flushOnce(): Promise<void> {
    // A copy: a letter that comes while these are being kept is not among them.
    const batch = [...queue]
    if (batch.length === 0) return
    await letters.keep(batch)
    // A discard in between leaves a queue that no longer begins with this batch.
    if (queue[0] !== batch[0]) return
    queue = queue.slice(batch.length)
    bytes = queue.reduce((sum, letter) => sum + sizeOf(letter), 0)
  }

  return {
    push(letter) {
      queue.push(letter)
      bytes += sizeOf(letter)
    },
    flush() {
      flushing = flushing.then(flushOnce, flushOnce)
      return flushing
    },
    isFull: () => queue.length > maxLetters || bytes > maxBytes,
    size: () => queue.length,
    discard() {
      queue = []
      bytes = 0
    }
  }
}

const sizeOf = ({ key, value }: DeadLetter) => (key?.length ?? 0) + (value?.length ?? 0)
