import type { OperatorAction, Silence } from './types.ts'

/** Silences that people made. Each lasts until the earliest end that it was given. */
export interface Silences {
  /** False where nothing changes. */
  apply(action: Pick<OperatorAction, 'silence'>): boolean
  /** Those that have not ended at a time, by the wall clock. */
  lasting(nowMs: number): readonly Silence[]
  /** Those of them that have begun. */
  active(nowMs: number): readonly Silence[]
}

export function createSilences(): Silences {
  // Ended silences are kept: read again, they change nothing.
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
