/** What was taken already, for `forMs`; of more than `most` the oldest is forgotten. */
export function createSeen({ forMs, most }: { readonly forMs: number; readonly most: number }) {
  const until = new Map<string, number>()
  return {
    /** False where it was added before and is not forgotten yet. */
    add(name: string, nowMs: number): boolean {
      for (const [old, at] of until) {
        if (at > nowMs && until.size < most) break
        until.delete(old)
      }
      if (until.has(name)) return false
      until.set(name, nowMs + forMs)
      return true
    },
    /** As if it had never come. */
    forget: (name: string) => void until.delete(name)
  }
}
