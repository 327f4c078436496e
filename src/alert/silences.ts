import type { OperatorAction, Silence } from './types.ts'

/** Silences that people made, and those that they ended. */
export interface Silences {
  /** False where nothing changes. */
  apply(action: OperatorAction): boolean
  /** Those in force at a time, by the wall clock. */
  active(nowMs: number): readonly Silence[]
}

export function createSilences(): Silences {
  const byId = new Map<string, Silence>()
  const ends = new Map<string, number>()

  const endOf = ({ id, endsAt }: Silence): number => Math.min(endsAt, ends.get(id) ?? endsAt)

  return {
    apply({ action, silence }) {
      if (silence === null) return false
      if (action === 'end_silence') {
        const before = ends.get(silence.id)
        const endsAt = Math.min(silence.endsAt, before ?? silence.endsAt)
        ends.set(silence.id, endsAt)
        return endsAt !== before
      }
      if (byId.has(silence.id)) return false
      byId.set(silence.id, silence)
      return true
    },
    active(nowMs) {
      for (const silence of byId.values()) if (endOf(silence) <= nowMs) byId.delete(silence.id)
      return [...byId.values()].filter(({ startsAt }) => startsAt <= nowMs)
    }
  }
}
