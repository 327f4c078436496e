import { isOfService, sourceOf } from '../../detectors/kind-of.ts'
import type { Verdict } from '../../detectors/types.ts'
import { minuteMs } from '../time/units.ts'
import type { StoredIncident } from './types.ts'

/** What may be decided on an incident: late findings wait for a summary, and an earlier run may have paged already. */
export interface Allowed {
  readonly notify: boolean
  readonly page: boolean
}

/** A window may close this long before its end by the clock: event times may run ahead so far. */
const aheadMs = minuteMs

export function createTimeliness(catchUpAfterMs: () => number) {
  let startedAt = Number.NEGATIVE_INFINITY
  let windowMs = 0

  /** No earlier run can have closed such a window. */
  const isNew = (windowEnd: number) => windowEnd > startedAt + aheadMs
  // After a start, idle partitions close windows that an earlier run had closed: a page waits for a new one.
  // What a service raises comes once, and its notifications are known from the log.
  const allowed = (notify: boolean, { kind, lastWindowEnd }: StoredIncident): Allowed => ({
    notify,
    page: notify && (isOfService(kind) || isNew(lastWindowEnd))
  })

  return {
    start(nowMs: number): void {
      startedAt = nowMs
    },
    /** A window of the stream: until the next one is due, the incidents of this one are not late. */
    enterWindow({ windowStart, windowEnd }: Verdict): void {
      windowMs = windowEnd - windowStart
    },
    atWindow({ windowStart, windowEnd }: Verdict, nowMs: number): Allowed {
      const notify = nowMs - windowEnd <= catchUpAfterMs()
      // Younger than one window: no earlier run can have seen the next one, which may have ended or raised the page.
      const isFresh = nowMs < windowEnd + (windowEnd - windowStart)
      return { notify, page: notify && (isNew(windowEnd) || isFresh) }
    },
    /** While the stream stands still, nobody knows whether an incident is still open. */
    betweenWindows: (incident: StoredIncident, nowMs: number): Allowed =>
      allowed(
        sourceOf(incident.kind) !== 'windows' ||
          nowMs - incident.lastWindowEnd <= catchUpAfterMs() + windowMs,
        incident
      ),
    afterCatchUp: (incident: StoredIncident): Allowed => allowed(true, incident)
  }
}
