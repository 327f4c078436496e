import { StoreError } from '../store/errors.ts'

interface Waiting<Item, Result> {
  readonly items: readonly Item[]
  readonly done: (results: readonly Result[]) => void
  readonly failed: (error: unknown) => void
}

export interface BatchOptions<Item, Result> {
  /** Items that are worked on in one go, and items that may wait for that. */
  readonly size: number
  readonly mostWaiting: number
  /** Gives a result for each item, in their order. */
  readonly work: (items: readonly Item[]) => Promise<readonly Result[]>
}

/** Works on what came while it was at work in one go, batch after batch. A batch that fails fails for all that is in it. */
export function createBatches<Item, Result>({ size, mostWaiting, work }: BatchOptions<Item, Result>) {
  let waiting: Waiting<Item, Result>[] = []
  let count = 0
  let running = false

  function take(): readonly Waiting<Item, Result>[] {
    let taken = 0
    const end = waiting.findIndex(({ items }) => {
      taken += items.length
      return taken > size
    })
    const batch = waiting.slice(0, end < 0 ? waiting.length : Math.max(end, 1))
    waiting = waiting.slice(batch.length)
    count -= batch.reduce((sum, { items }) => sum + items.length, 0)
    return batch
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    while (waiting.length > 0) {
      const batch = take()
      try {
        const results = await work(batch.flatMap(({ items }) => items))
        let from = 0
        for (const { items, done } of batch) {
          done(results.slice(from, from + items.length))
          from += items.length
        }
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    running = false
  }

  /** Rejects with the error of the work, or at once where too many wait. */
  return function add(items: readonly Item[]): Promise<readonly Result[]> {
    if (count + items.length > mostWaiting)
      return Promise.reject(
        new StoreError('TIMEOUT', 'too many alerts wait to be stored', { retryable: true })
      )
    const { promise, resolve: done, reject: failed } = Promise.withResolvers<readonly Result[]>()
    waiting.push({ items, done, failed })
    count += items.length
    void run()
    return promise
  }
}
