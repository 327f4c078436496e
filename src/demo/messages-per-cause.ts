import type { NotificationRecord, StoredIncident } from '../incident/types.ts'
import { isAboveLow, ledTo } from './per-cause.ts'
import type { ScoredLabel } from './score.ts'

/** What one fault of the stream is to somebody who reads a channel, or is paged. */
export interface CauseMessages<Label extends ScoredLabel = ScoredLabel> {
  readonly label: Label
  /** Above low severity. */
  readonly incidents: readonly StoredIncident[]
  readonly pages: number
  /** To a webhook: each is a message of its own. */
  readonly webhook: number
  /** Of a bot: one for each incident, edited from then on. */
  readonly bot: number
  /** Replies in the threads of those. */
  readonly botReplies: number
  /** Incidents that were over, for whoever was notified of them, while the fault lasted. */
  readonly overTooEarly: readonly StoredIncident[]
  /** Paged once more after the page was resolved, or once the fault was over. */
  readonly isPagedAgain: boolean
}

/** The names of the receivers that are counted. */
export interface CountedReceivers {
  readonly webhook: string
  readonly bot: string
}

/** Counts what a webhook, a bot and a pager get of each fault. */
export function countMessages<Label extends ScoredLabel>(
  labels: readonly Label[],
  incidents: readonly StoredIncident[],
  notifications: readonly NotificationRecord[],
  receivers: CountedReceivers
): readonly CauseMessages<Label>[] {
  return ledTo(labels, incidents, notifications).map(({ label, incidents: own, sent }) => {
    const toChannel = (name: string) =>
      sent.filter(({ receiver, dedupKey }) => receiver === name && dedupKey === null)
    const bot = toChannel(receivers.bot)
    const begun = new Set(bot.map(({ incidentId }) => incidentId)).size
    const ends = sent.filter(({ action }) => action === 'resolve')
    const pages = sent.filter(({ dedupKey }) => dedupKey !== null)
    return {
      label,
      incidents: own.filter(isAboveLow),
      pages: pages.filter(({ action }) => action === 'trigger').length,
      webhook: toChannel(receivers.webhook).length,
      bot: begun,
      botReplies: bot.length - begun,
      overTooEarly: own.filter(
        ({ id, resolvedAt }) =>
          resolvedAt !== null &&
          resolvedAt < label.endMs &&
          ends.some(({ incidentId, reason }) => incidentId === id && reason.type !== 'severity_rose')
      ),
      isPagedAgain: isPagedAgain(pages, label)
    }
  })
}

/** A page that replaces a milder one is still that page: it opens before the other ends. */
function isPagedAgain(pages: readonly NotificationRecord[], { endMs }: ScoredLabel): boolean {
  const open = new Set<string | null>()
  let wasPaged = false
  for (const { action, dedupKey, decidedAt } of pages) {
    if (action === 'trigger') {
      if (wasPaged && (open.size === 0 || decidedAt > endMs)) return true
      wasPaged = true
      open.add(dedupKey)
    } else if (action === 'resolve') open.delete(dedupKey)
  }
  return false
}

/** One line that sums up, of the causes that were found. */
export function messagesLine(causes: readonly CauseMessages[]): string {
  const found = causes.filter(({ incidents }) => incidents.length > 0)
  const mean = (of: (cause: CauseMessages) => number) =>
    (found.reduce((sum, cause) => sum + of(cause), 0) / Math.max(1, found.length)).toFixed(2)
  const over = causes.reduce((sum, { overTooEarly }) => sum + overTooEarly.length, 0)
  const again = causes.filter(({ isPagedAgain }) => isPagedAgain).length
  return (
    `per cause (${found.length}): ${mean(({ incidents }) => incidents.length)} incidents, ` +
    `${mean(({ pages }) => pages)} pages, ${mean(({ webhook }) => webhook)} messages by a webhook, ` +
    `${mean(({ bot }) => bot)} by a bot (and ${mean(({ botReplies }) => botReplies)} replies in its threads); ` +
    `${over} told as over while they last, ${again} paged again after their end`
  )
}
