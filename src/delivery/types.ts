import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import type { Rate } from '../routing/receiver.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { CircuitBreakerRules, CircuitBreakerState } from './circuit-breaker.ts'
import type { Channel, SendResult } from './notifier.ts'

export interface DeliveryRules {
  /** Of a Slack webhook or channel that has no rate of its own. */
  readonly rate: Rate
  /** New messages of one kind and segment a minute to one receiver; critical ones pass. */
  readonly ratePerKey: number
  readonly breaker: CircuitBreakerRules
  readonly retryEveryMs: number
  readonly expireAfterMs: number
}

export interface Destinations {
  readonly channels: ReadonlyMap<string, Channel>
  /** What is special of receivers, by name. */
  readonly receivers: ReadonlyMap<string, ReceiverPolicy>
  /** Gets what another receiver refuses for good and that has no fallback; null where there is none. */
  readonly defaultReceiver: string | null
}

export interface ReceiverPolicy {
  readonly fallback: string | null
  /** Undefined: that of its type. */
  readonly rate?: Rate
}

export interface DeliveryOptions extends Destinations {
  readonly rules: DeliveryRules
  readonly store: { insertNotifications(records: readonly NotificationRecord[]): Promise<void> }
  /** Resolves once a message may be sent; rejects where whether it may has changed, and is to be asked anew. */
  readonly maySend?: () => Promise<void>
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** Every outcome, and `pending` when the quick tries are used up; for metrics. */
  readonly onOutcome: (record: NotificationRecord) => void
  /** Every try; for metrics. */
  readonly onAttempt?: (receiver: string, result: SendResult['kind']) => void
}

export interface ReceiverState {
  readonly waiting: number
  /** When the next message may go, by the clock; null where none waits. */
  readonly nextAt: number | null
  readonly breaker: CircuitBreakerState
  /** `pending`: it is to be tried again. Undefined where nothing was tried yet. */
  readonly last: { readonly outcome: NotificationOutcome; readonly answer: string } | undefined
}

export interface Delivery {
  /**
   * Takes decided notifications. Each waits for `recorded` (its row, whatever becomes of it) for at most 2 s, then
   * goes. One that this delivery already had is left out.
   */
  enqueue(records: readonly NotificationRecord[], recorded: Promise<unknown>): void
  /** Reads what earlier runs recorded, whatever its outcome: messages to go on from, and what was passed on. */
  restore(records: readonly NotificationRecord[]): void
  /** An incident is over, or silenced: ends the pages that a receiver opened for another one. */
  resolveRerouted(incidentId: string): void
  /** Takes over new receivers and rules; a key of PagerDuty that is open is still resolved through the old one. */
  reload(destinations: Destinations & { readonly rules?: DeliveryRules }): void
  /** Drops what waits, but for what only this instance knows: another takes it up from the store, or decides it again. */
  forget(): void
  /** Notifications neither sent, refused nor expired. */
  waiting(): number
  /** How a receiver is doing: what waits for it, until when, and what it made of the last try. */
  receiver(name: string): ReceiverState
  /** Sends what has not been tried yet and stores outcomes, for at most `withinMs`; the rest stays pending. */
  stop(withinMs?: number): Promise<void>
}
