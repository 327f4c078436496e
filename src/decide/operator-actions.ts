import type { OperatorAction } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { hourMs } from '../time/units.ts'

/** How often the actions that other processes wrote are read. */
const pollMs = 2_000
/** Another process may have a clock that is behind by this much. */
const backMs = hourMs

export interface OperatorActionsOptions {
  readonly pipeline: string
  readonly store: Pick<Store, 'actions'>
  /** Whether this instance does the work: only it applies actions. */
  readonly isWorking: () => boolean
  readonly onActions: (actions: readonly OperatorAction[]) => void
  readonly clock: Clock
  readonly log: Logger
}

/** Applies what operators did, here or through another process, in the instance that works. */
export function createOperatorActions({
  pipeline,
  store,
  isWorking,
  onActions,
  clock,
  log
}: OperatorActionsOptions) {
  let polledAt = Number.NEGATIVE_INFINITY
  let isPolling = false
  let failure: string | undefined

  async function read(): Promise<void> {
    isPolling = true
    try {
      const actions = await store.actions(pipeline, clock.now() - backMs)
      failure = undefined
      // Another instance may have taken over meanwhile.
      if (isWorking()) onActions(actions)
    } catch (error) {
      const reason = messageOf(error)
      if (reason !== failure)
        log.warn({ error: reason }, 'the actions of operators cannot be read from the store, trying again')
      failure = reason
    } finally {
      isPolling = false
      polledAt = clock.now()
    }
  }

  return {
    /** Applies actions at once; false where another instance works. */
    apply(actions: readonly OperatorAction[]): boolean {
      if (!isWorking()) return false
      onActions(actions)
      return true
    },
    /** Reads new ones from the store every `pollMs`. To be called often. */
    poll(): void {
      if (isWorking() && !isPolling && clock.now() - polledAt >= pollMs) void read()
    }
  }
}
