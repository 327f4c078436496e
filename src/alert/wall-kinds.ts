/**
 * Kinds judged by the wall clock, beside the windows of the stream. Nobody derives them again from the log, so what
 * was decided on them is kept where everything else is.
 */
export const wallKinds: ReadonlySet<string> = new Set(['pipeline_stalled'])
