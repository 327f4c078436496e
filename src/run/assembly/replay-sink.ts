import { setImmediate as turn } from 'node:timers/promises'
import type { Config } from '../../config/schema.ts'
import type { Decision } from '../../decide/decision.ts'
import { drainAll } from '../../decide/drain.ts'
import { createStoreWriter } from '../../decide/store-writer.ts'
import type { ReceiverState } from '../../delivery/types.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { minuteMs } from '../../time/units.ts'
import { createSendResults, type Unsent } from '../send-results.ts'
import { buildDelivery } from './delivery.ts'

/** How long the end of a replay waits for a store that accepts nothing, and then for the receivers. */
const storeMs = minuteMs
const deliverMs = 30_000
const pollMs = 20
/** Decisions that may wait for the store before reading waits for it. */
const mostWaiting = 1_000

/** Where the decisions of a replay go. */
export interface ReplaySink {
  take(decision: Decision): void
  /** Waits for the store where too much waits for it; rejects where it takes nothing more. */
  ready(): Promise<void>
  /** Resolves once everything is stored and sent, or the time for sending is up; more may be taken then. */
  settled(): Promise<void>
  /** What is known of sending to a receiver. */
  receiver(name: string): ReceiverState
  /** What was to be sent and reached nobody, once it is closed. */
  unsent(): readonly Unsent[]
  /** Resolves once everything is stored and sent, or the time for sending is up; rejects where it cannot be stored. */
  close(): Promise<void>
}

interface ReplaySinkParts {
  readonly config: Config
  readonly currency: () => string
  readonly clock: Clock
  readonly log: Logger
  /** Undefined keeps nothing. */
  readonly store: Store | undefined
  readonly send: boolean
}

export function buildReplaySink({ config, currency, clock, log, store, send }: ReplaySinkParts): ReplaySink {
  const writer =
    store && createStoreWriter({ store, pipeline: config.pipeline, clock, log, onDone: () => {} })
  const results = createSendResults()
  const sending = buildDelivery(config, {
    store: store ?? { insertNotifications: async () => {} },
    currency,
    clock,
    log,
    onOutcome: results.note
  })
  return {
    take(decision) {
      const stored = writer?.push(decision) ?? Promise.resolve()
      if (!send) return
      for (const one of decision.notifications) results.note(one)
      sending.delivery.enqueue(decision.notifications, stored)
    },
    async ready() {
      if (writer !== undefined && writer.size() > mostWaiting) await drainAll(writer, storeMs)
      else await turn()
    },
    async settled() {
      if (writer !== undefined) await drainAll(writer, storeMs)
      const deadline = clock.now() + deliverMs
      while (sending.delivery.waiting() > 0 && clock.now() < deadline) await clock.sleep(pollMs)
    },
    receiver: sending.delivery.receiver,
    unsent: results.unsent,
    async close() {
      try {
        if (writer !== undefined) await drainAll(writer, storeMs)
      } finally {
        await sending.delivery.stop(deliverMs)
        await sending.close()
        await store?.close()
      }
    }
  }
}
