import type { NotificationRecord } from '../incident/types.ts'
import type { ReceiverSettings } from '../routing/receiver.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { Channel, SendResult } from './channel.ts'
import type { LastOutcome } from './outcomes.ts'
import type { QueueState } from './receiver-queues.ts'
import type { LimitRules } from './send-limits.ts'

/** `rate` is that of a Slack webhook or channel that has none of its own. */
export interface DeliveryRules extends LimitRules {
  readonly retryEveryMs: number
  readonly expireAfterMs: number
}

export type ReceiverPolicy = Pick<ReceiverSettings, 'fallback' | 'rate'>

export interface Destinations {
  readonly channels: ReadonlyMap<string, Channel>
  readonly receivers: ReadonlyMap<string, ReceiverPolicy>
  /** Gets what a receiver without a fallback refuses; null if there is none. */
  readonly defaultReceiver: string | null
}

/** What a reload replaces. */
export interface DeliverySettings extends Destinations {
  readonly rules: DeliveryRules
}

export interface DeliveryOptions extends DeliverySettings {
  readonly store: { insertNotifications(records: readonly NotificationRecord[]): Promise<void> }
  /** Resolves once this instance may send; rejects if that has changed meanwhile, to be asked again. */
  readonly maySend?: () => Promise<void>
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** Every outcome, and `pending` after the quick retries; for metrics. */
  readonly onOutcome: (record: NotificationRecord) => void
  /** Every send, and how long the receiver took to answer; for metrics. */
  readonly onAttempt?: (receiver: string, result: SendResult['kind'], responseMs: number) => void
}

export interface ReceiverState extends QueueState {
  /** Notifications that wait for it. */
  readonly waiting: number
  /** The last outcome, `pending` if it is to be retried; undefined before the first send. */
  readonly last: LastOutcome | undefined
}

export interface Delivery {
  /** Sends notifications, once each, when their rows are stored (`recorded`), or have failed, or after 2 s. */
  enqueue(records: readonly NotificationRecord[], recorded: Promise<unknown>): void
  /** Reads what earlier runs stored: message references, and what was rerouted. */
  restore(records: readonly NotificationRecord[]): void
  /** Resolves the pages that rerouted messages of an incident opened. */
  resolveRerouted(incidentId: string): void
  /** Applies new receivers and rules. An open page is still resolved through the integration key that opened it. */
  reload(settings: Destinations & { readonly rules?: DeliveryRules }): void
  /** Drops what waits: another instance reads it from the store. Findings on the pipeline itself stay: only this one has them. */
  forget(): void
  /** Some receiver has accepted a notification of an incident at a severity. */
  isAccepted(incidentId: string, severity: string): boolean
  /** Notifications neither sent, refused nor expired. */
  waiting(): number
  receiver(name: string): ReceiverState
  /** Sends what was not tried yet and stores outcomes, for at most `withinMs`; the rest stays pending in the store. */
  stop(withinMs?: number): Promise<void>
}
