import type { Status, WorkStatus } from './status.ts'
/**
 * The state of a part of the pipeline. Ready: `ok`, `standby` (another instance works, this one waits) and `warming_up` (reads
 * and stores, and judges later). Not ready: `waiting` (has not begun) and `failed`.
 */
export type ComponentStatus = 'ok' | 'standby' | 'warming_up' | 'waiting' | 'failed'

export interface Component {
  readonly status: ComponentStatus
  /** One sentence or figure for a person; never a secret. */
  readonly detail?: string
  /** Of a component that fails: why, a word of a closed list. */
  readonly reason?: string
  /** Since when, in ISO 8601. */
  readonly since?: string
  /** Of the store: closed windows that wait for it. */
  readonly waiting?: number
}

export interface Readiness {
  /** By name, such as kafka, store, detection: each must be ready. */
  readonly components: Readonly<Record<string, Component>>
  /** By name: shown, and never a reason not to be ready, since an alert that can't be sent stays pending. */
  readonly receivers: Readonly<Record<string, Component>>
}

export interface Web {
  /** Resolves with the address it listens on; rejects with a WebError. */
  listen(): Promise<string>
  /** Ends open connections and frees the port. */
  close(): Promise<void>
}

export type LiveReceiver = WorkStatus['receivers'][number]

/** What the instance that works says of its receivers, or why nothing is known of them. */
export type LiveReceivers =
  | { readonly kind: 'known'; readonly receivers: readonly LiveReceiver[] }
  | { readonly kind: 'unknown'; readonly why: string }

/** Where a group's status can be had from, as a configuration says. */
export interface StatusSource {
  /** Of the operations port; undefined where the configuration lets it be any. */
  readonly url: string | undefined
  /** Asks Kafka, and by what it says the instance that works. Rejects with a message for a person. */
  describe(): Promise<Status>
}
