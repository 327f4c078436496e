interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** So many are remembered: windows of older ones have closed. */
const maxSpans = 100

/**
 * When the broker did not answer. What producers could not write then is missing or comes later, so windows of that time
 * say nothing. Time in which this process stood still is none: the log has all of it.
 */
export function createBrokerAbsences({
  breakMs,
  beforeMs,
  afterMs
}: {
  /** A silence up to this is no absence. */
  readonly breakMs: number
  /** So long before and after an absence events may be missing, too: under way, or from producers that wait. */
  readonly beforeMs: number
  readonly afterMs: number
}) {
  const spans: Span[] = []
  let lookedAt: number | undefined
  let awakeSince = Number.NEGATIVE_INFINITY
  let lastAnswer: number | undefined
  let current: Span | undefined

  return {
    /** Notes when the broker last answered, as of now. */
    look(nowMs: number, answeredAt: number): void {
      if (lookedAt !== undefined && nowMs - lookedAt > breakMs) awakeSince = nowMs
      lookedAt = nowMs
      lastAnswer ??= answeredAt
      const fromMs = Math.max(lastAnswer, awakeSince)
      if (answeredAt > lastAnswer) {
        if (answeredAt - fromMs > breakMs) spans.push({ fromMs, toMs: answeredAt })
        if (spans.length > maxSpans) spans.shift()
        lastAnswer = answeredAt
      }
      const silentFrom = Math.max(lastAnswer, awakeSince)
      current = nowMs - silentFrom > breakMs ? { fromMs: silentFrom, toMs: nowMs } : undefined
    },
    /** Whether a window lies in an absence, or touches one. */
    covers({ start, end }: { readonly start: number; readonly end: number }): boolean {
      const touches = ({ fromMs, toMs }: Span) => end > fromMs - beforeMs && start < toMs + afterMs
      return spans.some(touches) || (current !== undefined && touches(current))
    }
  }
}
