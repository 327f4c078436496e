import type { z } from 'zod'
import { minuteMs } from '../time/units.ts'
import type { ChangeVia, changeSchema } from './change.ts'
import { conditionOf } from './impact.ts'
import type { IncidentFacts } from './types.ts'

/** A deploy, a campaign, or something else that was changed. */
export interface Change extends z.infer<typeof changeSchema> {
  readonly pipeline: string
  readonly via: ChangeVia
}

/** An incident that begins so long behind a change may come from it. */
const behindMs = 30 * minuteMs
/** The first window that shows an incident may have begun before the change within it. */
const aheadMs = minuteMs
/** Of more, messages name the latest. */
const named = 3
const most = 1_000

/** What was changed lately. */
export function createRecentChanges() {
  let byId = new Map<string, Change>()

  return {
    /** The same id is the same change, as it was said last. */
    add(changes: readonly Change[]): void {
      if (changes.length === 0) return
      for (const change of changes) byId.set(change.id, change)
      byId = new Map([...byId].sort(([, a], [, b]) => b.at - a.at).slice(0, most))
    },
    /** Those that an incident began behind, the latest first. */
    before(incident: Pick<IncidentFacts, 'conditionFrom' | 'conditionTo' | 'openedAt' | 'lastAnomalyAt'>) {
      const { conditionFrom } = conditionOf(incident)
      return [...byId.values()]
        .filter(({ at }) => at >= conditionFrom - behindMs && at < conditionFrom + aheadMs)
        .slice(0, named)
        .map(({ pipeline: _, via: __, ...change }) => change)
    }
  }
}
