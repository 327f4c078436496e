import type { Step, Visitor } from './step.ts'

/** One event of the stream. */
export interface ShopRecord {
  /** Milliseconds since the epoch. */
  readonly eventTime: number
  /** When it reaches the stream; records come in this order, a little out of order in event time. */
  readonly arrivalMs: number
  readonly sessionId: string
  /** The event as JSON, without a line break. */
  readonly line: string
}

/** Who walks a session. */
export interface Identity extends Visitor {
  /** From 1, in the order in which the sessions were drawn. */
  readonly number: number
  readonly sessionId: string
  readonly userId: string | undefined
  /** The order of the session, should it come to one. */
  readonly orderId: string
  readonly country: string
  readonly device: string
}

/**
 * Writes a step as a JSON line. Undefined where the layout has no such event, or where the step is a line of an order
 * that becomes one record with the last of them.
 */
export type WriteLine = (identity: Identity, step: Step, eventTime: number) => string | undefined
