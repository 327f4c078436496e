const minuteMs = 60_000
const mostKeys = 10_000

/** So many a minute by key, in any minute. */
export class RateLimit {
  readonly #times = new Map<string, number[]>()
  readonly #perMinute: number

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Seconds until another one may be sent; 0 where it may now. */
  retryAfter(key: string, nowMs: number): number {
    const recent = (this.#times.get(key) ?? []).filter(at => nowMs - at < minuteMs)
    const free = recent.at(-this.#perMinute)
    return free === undefined ? 0 : Math.ceil((free + minuteMs - nowMs) / 1_000)
  }

  take(key: string, nowMs: number): void {
    const recent = (this.#times.get(key) ?? []).filter(at => nowMs - at < minuteMs)
    this.#times.delete(key)
    this.#times.set(key, [...recent, nowMs])
    const oldest = this.#times.keys().next().value
    if (this.#times.size > mostKeys && oldest !== undefined) this.#times.delete(oldest)
  }
}
