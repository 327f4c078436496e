/**
 * Kinds by which the pipeline watches itself, judged by the wall clock. They cannot be derived again from the log, so
 * what was decided on them is kept when everything else is read again.
 */
export const selfKinds: ReadonlySet<string> = new Set(['pipeline_stalled', 'store_unavailable'])

/** Kinds whose end goes to every channel that was notified of the beginning, even with `send_resolved: false`. */
export const endAlwaysNotified: ReadonlySet<string> = new Set(['store_unavailable'])
