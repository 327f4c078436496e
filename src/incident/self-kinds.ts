/**
 * Kinds judged by the wall clock, beside the windows of the stream. Nobody derives them again from the log, so what
 * was decided on them is kept where everything else is.
 */
export const wallKinds: ReadonlySet<string> = new Set(['pipeline_stalled', 'store_unavailable'])

/** Kinds whose end every channel is told of that was told of the beginning, whatever it wants to hear of others. */
export const endIsTold: ReadonlySet<string> = new Set(['store_unavailable'])
