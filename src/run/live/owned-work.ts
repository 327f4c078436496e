import type { Restored } from '../../incident/incidents.ts'
import { type AssignmentState, createAssignmentState } from '../../ingest/assignment-state.ts'
import { createLeases } from '../../source/lease.ts'
import { greatestClosed } from '../../source/start.ts'
import type { SourceHandlers } from '../../source/types.ts'
import { type StoreFault, storeReasonOf } from '../../store/reasons.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { CountedOrders } from '../../window/orders/memory.ts'
import type { LiveOptions } from './types.ts'

export interface OwnedWorkHooks {
  /** Reads what earlier runs decided. */
  readonly restore: () => Promise<Restored>
  readonly onRestored: (restored: Restored) => void
  /** The stages forget all windows that they hold. */
  readonly forget: () => void
}

/** The work of this instance, from the assignment of partitions to their loss. */
export interface OwnedWork extends Pick<SourceHandlers, 'onAssigned' | 'onRevoked'> {
  /**
   * Reads what earlier runs decided before there is an assignment: a stall of the pipeline may outlast a process, and
   * must not open a second incident.
   */
  recall(): Promise<void>
  /** Undefined where another instance works, or this one cannot begin yet. */
  current(): AssignmentState | undefined
  /** Since when the work has been waiting to begin. */
  beginningSince(): number | undefined
  /** Why it cannot begin. */
  failure(): StoreFault | undefined
  /** Rejects where no waiting helps. */
  readonly fatal: Promise<never>
}

export function createOwnedWork(
  { pipeline, windows, store, clock, log }: LiveOptions,
  hooks: OwnedWorkHooks
): OwnedWork {
  const leases = createLeases()
  const fatal = Promise.withResolvers<never>()
  let state: AssignmentState | undefined
  let isMigrated = false
  let beginningSince: number | undefined
  let failure: StoreFault | undefined

  function forget(): void {
    state = undefined
    hooks.forget()
  }

  function clearBeginning(): void {
    beginningSince = undefined
    failure = undefined
  }

  /** Windows that are stored and not closed by a commit close again, and must not find their own orders. */
  const ordersBefore = async (closedUntil: number | undefined): Promise<readonly CountedOrders[]> =>
    closedUntil === undefined || windows.orderSpanMs === 0
      ? []
      : store.orders(pipeline, closedUntil - windows.orderSpanMs, closedUntil)

  return {
    async recall() {
      try {
        await store.migrate()
        isMigrated = true
        await hooks.restore()
      } catch (error) {
        if (isNewerSchema(error)) throw error
        log.warn({ error: messageOf(error) }, 'what earlier runs decided cannot be read yet')
      }
    },
    async onAssigned(from) {
      const lease = leases.renew()
      if (state !== undefined) forget()
      beginningSince ??= clock.now()
      let orders: readonly CountedOrders[]
      try {
        if (!isMigrated) await store.migrate()
        isMigrated = true
        const restored = await hooks.restore()
        orders = await ordersBefore(greatestClosed([...from.values()]))
        if (!lease.isValid()) return
        hooks.onRestored(restored)
      } catch (error) {
        if (lease.isValid())
          failure = { reason: storeReasonOf(error), error: messageOf(error), since: beginningSince }
        if (isNewerSchema(error)) fatal.reject(error)
        throw error
      }
      clearBeginning()
      state = createAssignmentState(windows, from, clock.now(), orders)
    },
    onRevoked() {
      leases.renew()
      clearBeginning()
      forget()
    },
    current: () => state,
    beginningSince: () => beginningSince,
    failure: () => failure,
    fatal: fatal.promise
  }
}

/** A newer cartwatch has migrated the database: this one must not write into what it does not know. */
const isNewerSchema = (error: unknown) => storeReasonOf(error) === 'newer_schema'
