import type { OperatorAction } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { hourMs } from '../time/units.ts'

/** What other processes write is taken over within so long. */
const pollMs = 2_000
/** Whoever writes may have a clock that is behind by so much. */
const backMs = hourMs

export interface OperatorActionsOptions {
  readonly pipeline: string
  readonly store: Pick<Store, 'actions'>
  /** Whether this instance is the one that takes actions over. */
  readonly isWorking: () => boolean
  readonly onActions: (actions: readonly OperatorAction[]) => void
  readonly clock: Clock
  readonly log: Logger
}

/** Brings what people did, here or through another process, to the incidents of the instance that works. */
export interface OperatorActions {
  /** Takes over actions that are known already; false where another instance works. */
  apply(actions: readonly OperatorAction[]): boolean
  /** Looks for new ones in the store, now and then. To be called often. */
  poll(): void
}

export function createOperatorActions({
  pipeline,
  store,
  isWorking,
  onActions: take,
  clock,
  log
}: OperatorActionsOptions): OperatorActions {
  let polledAt = Number.NEGATIVE_INFINITY
  let isPolling = false
  let failure: string | undefined

  async function read(): Promise<void> {
    isPolling = true
    try {
      const actions = await store.actions(pipeline, clock.now() - backMs)
      failure = undefined
      // The work may have been handed over meanwhile.
      if (isWorking()) take(actions)
    } catch (error) {
      const said = messageOf(error)
      if (said !== failure)
        log.warn({ error: said }, 'what people did cannot be read from the store, trying again')
      failure = said
    } finally {
      isPolling = false
      polledAt = clock.now()
    }
  }

  return {
    apply(actions) {
      if (!isWorking()) return false
      take(actions)
      return true
    },
    poll() {
      if (isWorking() && !isPolling && clock.now() - polledAt >= pollMs) void read()
    }
  }
}
