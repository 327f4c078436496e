import type { OperatorAction, Silence } from './types.ts'

export type Silences = ReturnType<typeof createSilences>

/** Silences that people made. Each lasts until the earliest end that it was given. */
export function createSilences() {
  // Ended silences are kept: read again, they change nothing.
  const byId = new Map<string, Silence>()
  const lasting = (nowMs: number) => [...byId.values()].filter(({ endsAt }) => endsAt > nowMs)

  return {
    /** False where nothing changes. */
    add({ silence }: Pick<OperatorAction, 'silence'>): boolean {
      if (silence === null) return false
      const before = byId.get(silence.id)
      if (before && silence.endsAt >= before.endsAt) return false
      byId.set(silence.id, silence)
      return true
    },
    /** Those that have not ended at a time, by the wall clock. */
    lasting,
    /** Those of them that have begun. */
    active: (nowMs: number): readonly Silence[] => lasting(nowMs).filter(({ startsAt }) => startsAt <= nowMs)
  }
}
