import { decisionName, dedupKeyOf } from './ids.ts'
import { mutedOnce, muteOf } from './muting.ts'
import { type Notice, noticeOf } from './notification.ts'
import type { History } from './notification-log.ts'
import type { Surroundings } from './notify-context.ts'
import { lateReason, type Moment, unmutedReason } from './notify-reason.ts'
import type { StoredIncident } from './types.ts'

/** What becomes of an incident's page (`toldBefore`: what channels knew until now): opened, opened anew at a graver severity, or ended by a silence. */
export function settlePage(
  incident: StoredIncident,
  around: Surroundings,
  toldBefore: StoredIncident['told']
): { state: StoredIncident; notices: Notice[] } {
  const { history, mayPage, silencedBy, targets, moment, explains } = around
  const notices: Notice[] = []
  let state = history.silenced(incident.dedupKey ?? '') ? withoutPage(incident) : incident
  if (silencedBy !== undefined && state.dedupKey !== null) {
    notices.push(...endOfPage(state, 'silenced', history))
    const muted = state.dedupReceivers.map(receiver => [receiver, `silenced:${silencedBy}`] as const)
    state = withoutPage({ ...state, mutedFor: { ...state.mutedFor, ...Object.fromEntries(muted) } })
  }
  if (state.status !== 'open' || state.clearWindows > 0) return { state, notices }
  const dedupKey = dedupKeyOf(state.id, state.severity, state.pages)
  const isNew = state.dedupKey !== dedupKey
  const before = history.receivers(`${dedupKey}|trigger`)
  const opened: string[] = isNew ? [...before] : [...state.dedupReceivers]
  for (const receiver of targets.pagers) {
    if (opened.includes(receiver) || state.acknowledged !== null || !mayPage) continue
    const mute = muteOf(receiver, around)
    if (mute !== undefined) {
      const muted = mutedOnce(state, receiver, mute)
      state = muted.state
      notices.push(...muted.notices)
      continue
    }
    const reason = pageReason(state, receiver, { isNew, toldBefore, windowEnd: moment.windowEnd })
    notices.push(noticeOf(state, { action: 'trigger', reason, dedupKey, receiver, explains }))
    opened.push(receiver)
  }
  if (opened.length === 0) return { state, notices }
  // The new key first: at no time is nothing open.
  if (isNew) notices.push(...endOfPage(state, 'severity_rose', history))
  const isSame = !isNew && opened.length === state.dedupReceivers.length
  return {
    state: isSame ? state : { ...unmuted(state, opened), dedupKey, dedupReceivers: opened },
    notices
  }
}

/** Ends the page at every receiver it was opened through, a silence or not. */
export function endOfPage(incident: StoredIncident, reason: string, history: History): Notice[] {
  const { dedupKey, dedupReceivers } = incident
  if (dedupKey === null) return []
  return dedupReceivers
    .filter(receiver => !history.told(decisionName({ ...keyed(incident, reason), dedupKey }), receiver))
    .map(receiver => noticeOf(incident, { action: 'resolve', reason, dedupKey, receiver }))
}

const keyed = ({ id, severity, lastAnomaly }: StoredIncident, reason: string) => ({
  incidentId: id,
  action: 'resolve' as const,
  severity,
  reason,
  toldWindowEnd: lastAnomaly.windowEnd
})

const withoutPage = (incident: StoredIncident): StoredIncident => ({
  ...incident,
  dedupKey: null,
  dedupReceivers: [],
  pages: incident.pages + 1
})

function unmuted(incident: StoredIncident, receivers: readonly string[]): StoredIncident {
  const mutedFor = Object.entries(incident.mutedFor).filter(([receiver]) => !receivers.includes(receiver))
  return { ...incident, mutedFor: Object.fromEntries(mutedFor) }
}

/** Why a page is due. */
function pageReason(
  incident: StoredIncident,
  receiver: string,
  {
    isNew,
    toldBefore,
    windowEnd
  }: { isNew: boolean; toldBefore: StoredIncident['told']; windowEnd: Moment['windowEnd'] }
): string {
  const unmuted = unmutedReason(incident, receiver)
  if (unmuted !== undefined) return unmuted
  if (!isNew) return 'route_changed'
  if (incident.dedupKey !== null) return 'severity_rose'
  if (incident.pages > 1) return 'silence_ended'
  return lateReason(incident, toldBefore, windowEnd)
}
