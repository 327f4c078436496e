import type { Routing } from '../routing/router.ts'
import type { OperatorAction, Silence, StoredIncident } from './types.ts'

export type Silences = ReturnType<typeof createSilences>

/** Silences that people made. Each lasts until the earliest end that it was given. */
export function createSilences() {
  // Ended silences are kept: read again, they change nothing.
  const byId = new Map<string, Silence>()
  const lasting = (nowMs: number) => [...byId.values()].filter(({ endsAt }) => endsAt > nowMs)
  /** The active ones of a time, the same array until another one begins or ends. */
  let active: readonly Silence[] = []
  let since = Number.POSITIVE_INFINITY
  let until = Number.NEGATIVE_INFINITY

  function activeAt(nowMs: number): readonly Silence[] {
    if (nowMs >= since && nowMs < until) return active
    const left = lasting(nowMs)
    active = left.filter(({ startsAt }) => startsAt <= nowMs)
    since = nowMs
    const changes = left.flatMap(({ startsAt, endsAt }) => (startsAt > nowMs ? [startsAt, endsAt] : [endsAt]))
    until = Math.min(...changes)
    return active
  }

  return {
    /** False where nothing changes. */
    add({ silence }: Pick<OperatorAction, 'silence'>): boolean {
      if (silence === null) return false
      const before = byId.get(silence.id)
      if (before && silence.endsAt >= before.endsAt) return false
      byId.set(silence.id, silence)
      until = Number.NEGATIVE_INFINITY
      return true
    },
    /** Those that have not ended at a time, by the wall clock. */
    lasting,
    /** Those of them that have begun. */
    active: activeAt,
    /** Ended ones too. */
    all: (): readonly Silence[] => [...byId.values()]
  }
}

/** Milliseconds of a time in which an incident was silenced, as it is now. `silences`: ended ones too. */
export const silencedMs =
  (silences: () => readonly Silence[], routing: Pick<Routing, 'matches'>, incident: StoredIncident) =>
  (fromMs: number, toMs: number): number =>
    coveredMs(
      silences().filter(({ matchers }) => routing.matches(matchers, incident)),
      fromMs,
      toMs
    )

/** How much of a time silences cover; where several do, it counts once. */
function coveredMs(
  silences: readonly Pick<Silence, 'startsAt' | 'endsAt'>[],
  fromMs: number,
  toMs: number
): number {
  let covered = 0
  let upTo = fromMs
  for (const { startsAt, endsAt } of silences.toSorted((a, b) => a.startsAt - b.startsAt)) {
    const begin = Math.max(startsAt, upTo)
    const end = Math.min(endsAt, toMs)
    if (end <= begin) continue
    covered += end - begin
    upTo = end
  }
  return covered
}
