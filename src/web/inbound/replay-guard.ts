/** What was taken already, for a while. */
export interface Seen {
  /** False where it was added before and is not forgotten yet. */
  add(name: string, nowMs: number): boolean
  /** As if it had never come. */
  forget(name: string): void
}

export interface SeenOptions {
  readonly forMs: number
  /** Past this the oldest is forgotten. */
  readonly most: number
}

export function createSeen({ forMs, most }: SeenOptions): Seen {
  const until = new Map<string, number>()
  return {
    add(name, nowMs) {
      for (const [old, at] of until) {
        if (at > nowMs && until.size < most) break
        until.delete(old)
      }
      if (until.has(name)) return false
      until.set(name, nowMs + forMs)
      return true
    },
    forget: name => void until.delete(name)
  }
}
