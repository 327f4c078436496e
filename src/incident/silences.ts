import type { OperatorAction, Silence } from './types.ts'

/** Silences that people made, each until the earliest end that it was given. */
export interface Silences {
  /** False where nothing changes. */
  apply(action: Pick<OperatorAction, 'silence'>): boolean
  /** Those that are not over at a time, by the wall clock. */
  lasting(nowMs: number): readonly Silence[]
  /** Those of them that have begun. */
  active(nowMs: number): readonly Silence[]
}

export function createSilences(): Silences {
  // One that is over stays: read again, it is nothing new.
  const byId = new Map<string, Silence>()
  const lasting = (nowMs: number) => [...byId.values()].filter(({ endsAt }) => endsAt > nowMs)

  return {
    apply({ silence }) {
      if (silence === null) return false
      const before = byId.get(silence.id)
      if (before && silence.endsAt >= before.endsAt) return false
      byId.set(silence.id, silence)
      return true
    },
    lasting,
    active: nowMs => lasting(nowMs).filter(({ startsAt }) => startsAt <= nowMs)
  }
}
