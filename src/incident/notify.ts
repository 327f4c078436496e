import { toldOfIt, untold, withTold } from './last-notified.ts'
import { mutedOnce, muteOf } from './muting.ts'
import { type Notice, noReceiver, noticeOf } from './notification.ts'
import type { History } from './notification-log.ts'
import type { Surroundings } from './notify-context.ts'
import { channelDue } from './notify-reason.ts'
import { endOfPage, settlePage } from './paging.ts'
import type { StoredIncident } from './types.ts'

export interface Settled {
  readonly state: StoredIncident
  readonly notices: readonly Notice[]
  /** It is too old to be told by itself. */
  readonly waits: boolean
}

/** Brings what receivers know of an incident to what holds now: what is due to each, and what became of its page. */
export function settle(before: StoredIncident, around: Surroundings): Settled {
  const silencedBy = around.silencedBy ?? null
  const incident = before.silencedBy === silencedBy ? before : { ...before, silencedBy }
  const channels = settleChannels(incident, around)
  const page = settlePage(channels.state, around, incident.told)
  return { ...page, notices: [...channels.notices, ...page.notices], waits: channels.waits }
}

function settleChannels(incident: StoredIncident, around: Surroundings): Settled {
  const { rules, history, moment, targets, mayNotify, explains } = around
  const notices: Notice[] = []
  const before = recalled(incident, history)
  let state = before
  let waits = false
  const isOnlyPaged = targets.channels.length === 0 && targets.pagers.length > 0
  const channels = targets.channels.length > 0 || isOnlyPaged ? targets.channels : [noReceiver]
  for (const receiver of channels) {
    // By what held before: what one is told now does not bear on the others.
    const due = channelDue({ ...state, told: before.told }, receiver, moment, rules)
    if (due === null || (due.beyond && receiver === noReceiver)) continue
    const { reason } = due
    const telling = { action: 'trigger' as const, reason, dedupKey: null, receiver, explains }
    const notice = noticeOf(state, telling)
    const known = { severity: state.severity, flapping: state.flapping }
    const earlier = history.told(notice.name, receiver)
    if (earlier) {
      if (earlier.windowEnd <= state.lastAnomalyAt)
        state = withTold(state, receiver, { ...known, ...earlier })
      continue
    }
    if (!mayNotify) {
      waits ||= untold(state)
      continue
    }
    const mute = muteOf(receiver, around)
    if (mute !== undefined) {
      if (due.beyond) continue
      const muted = mutedOnce(state, receiver, mute)
      state = muted.state
      notices.push(...muted.notices)
      continue
    }
    notices.push(notice)
    state = withTold(state, receiver, { ...known, windowEnd: state.lastAnomalyAt, at: moment.nowMs })
  }
  return { state, notices, waits }
}

/** With what an earlier run sent last, where the incident's own record of it was not stored. */
function recalled(incident: StoredIncident, { lastTold }: History): StoredIncident {
  const { id, told, lastAnomalyAt } = incident
  const missed = Object.entries(told).flatMap(([receiver, own]) => {
    const last = lastTold(id, receiver)
    const isNewer = last !== undefined && last.at > own.at && last.windowEnd <= lastAnomalyAt
    return isNewer ? [[receiver, { ...own, ...last }] as const] : []
  })
  return missed.length === 0 ? incident : { ...incident, told: { ...told, ...Object.fromEntries(missed) } }
}

/** The end of an incident; `details` are said instead of its last finding. */
export function settleEnd(
  incident: StoredIncident,
  tellsEnd: (receiver: string) => boolean,
  history: History,
  details: string | undefined
): Settled {
  const notices = endOfPage(incident, 'recovered', history)
  const { lastAnomaly } = incident
  const said = details === undefined ? incident : { ...incident, lastAnomaly: { ...lastAnomaly, details } }
  for (const receiver of toldOfIt(incident).filter(tellsEnd)) {
    const ended = noticeOf(said, { action: 'resolve', reason: 'recovered', dedupKey: null, receiver })
    if (!history.told(ended.name, receiver)) notices.push(ended)
  }
  return { state: { ...incident, dedupKey: null, dedupReceivers: [] }, notices, waits: false }
}

/** Tells everybody who knows of an incident that somebody took it on. */
export function settleAcknowledgement(incident: StoredIncident, history: History): readonly Notice[] {
  const { dedupKey, dedupReceivers, acknowledged, told } = incident
  // Whoever acknowledged it in PagerDuty need not be told so there.
  const isKnown = acknowledged?.via === 'pagerduty' && dedupReceivers.length === 1
  const pagers = dedupKey === null || isKnown ? [] : dedupReceivers
  const telling = { action: 'acknowledge' as const, reason: 'acknowledged' }
  const notices = [
    ...Object.keys(told)
      .filter(receiver => receiver !== noReceiver)
      .map(receiver => noticeOf(incident, { ...telling, dedupKey: null, receiver })),
    ...pagers.map(receiver => noticeOf(incident, { ...telling, dedupKey, receiver }))
  ]
  return notices.filter(({ name, receiver }) => !history.told(name, receiver))
}
