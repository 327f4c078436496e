import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'

/** How often what other processes wrote is read, where nothing else is said. */
const usualMs = 2_000

export interface StoredInputOptions<Item> {
  /** What is read, for the log: `the actions of operators`. */
  readonly what: string
  /** Reads what other processes wrote; what was read before may come again. */
  readonly read: (nowMs: number) => Promise<readonly Item[]>
  /** Whether this instance does the work: only it takes items. */
  readonly isWorking: () => boolean
  readonly pollMs?: number
  readonly take: (items: readonly Item[]) => void
  readonly clock: Clock
  readonly log: Logger
}

/** Takes what came in by the store, here or through another process, in the instance that works. */
export function createStoredInput<Item>({
  what,
  read,
  isWorking,
  pollMs = usualMs,
  take,
  clock,
  log
}: StoredInputOptions<Item>) {
  let polledAt = Number.NEGATIVE_INFINITY
  let isPolling = false
  let failure: string | undefined

  async function poll(): Promise<void> {
    isPolling = true
    try {
      const items = await read(clock.now())
      failure = undefined
      // Another instance may have taken over meanwhile.
      if (isWorking()) take(items)
    } catch (error) {
      const reason = messageOf(error)
      if (reason !== failure)
        log.warn({ error: reason }, `${what} cannot be read from the store, trying again`)
      failure = reason
    } finally {
      isPolling = false
      polledAt = clock.now()
    }
  }

  return {
    /** Takes items at once; false where another instance works. */
    apply(items: readonly Item[]): boolean {
      if (!isWorking()) return false
      take(items)
      return true
    },
    /** Reads new ones from the store every `pollMs`. To be called often. */
    poll(): void {
      if (isWorking() && !isPolling && clock.now() - polledAt >= pollMs) void poll()
    }
  }
}
