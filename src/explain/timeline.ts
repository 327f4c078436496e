import { isAbove } from '../../detectors/rules/severity.ts'
import { noReceiver } from '../incident/notification.ts'
import type { NotificationRecord, OperatorAction } from '../incident/types.ts'
import { verdictText } from '../operator/labelling.ts'
import { shownTime } from '../time/shown-time.ts'
import type { Facts, Finding } from './facts.ts'
import { fateText, whatText, whyText } from './why.ts'
import { shortId } from './words.ts'

/** Something that happened to an incident, in words. */
export interface Entry {
  /** Milliseconds since the epoch, by the wall clock; of `over` the end of the window that showed it. */
  readonly at: number
  readonly event:
    | 'found'
    | 'notification'
    | 'acknowledged'
    | 'escalated'
    | 'labelled'
    | 'silence_ended'
    | 'over'
  /** Of a notification, null of others. */
  readonly receiver: string | null
  readonly text: string
}

/** The life of an incident, in order. */
export function timelineOf(facts: Facts): readonly Entry[] {
  const entries: readonly Entry[] = [
    ...facts.found.map(found => entryOf(found.at, 'found', foundText(found, facts))),
    ...carriedOver(facts),
    ...facts.acknowledgements.map(({ at, by, via, severity }) =>
      entryOf(at, 'acknowledged', `by ${by} (${via})${severity === null ? '' : ` at ${severity}`}`)
    ),
    ...facts.escalations.map(({ at, by, via, level }) =>
      entryOf(at, 'escalated', `by ${by} (${via}) to level ${level}`)
    ),
    ...facts.labels.flatMap(labelledAs),
    ...facts.endings.map(({ at, by, via, silence }) =>
      entryOf(at, 'silence_ended', `by ${by} (${via}): silence ${shortId(silence?.id ?? '')}`)
    ),
    ...facts.records.map(record =>
      entryOf(record.decidedAt, 'notification', recordText(record, facts), record.receiver)
    ),
    ...over(facts)
  ]
  // The sort is stable: at the same time, what happened comes before its notifications.
  return entries.toSorted((a, b) => a.at - b.at)
}

const entryOf = (at: number, event: Entry['event'], text: string, receiver: string | null = null): Entry => ({
  at,
  event,
  receiver,
  text
})

function labelledAs({ at, by, via, label }: OperatorAction): readonly Entry[] {
  if (label === undefined) return []
  const { verdict, reason } = label
  const text = `by ${by} (${via}) as ${verdictText[verdict]}${reason === '' ? '' : `: ${reason}`}`
  return [entryOf(at, 'labelled', text)]
}

function foundText(
  { of, at, severity, details, windowEnd }: Finding,
  { acknowledgements, incident }: Facts
): string {
  const before = acknowledgements.findLast(action => action.at <= at)
  const isBeyond = before?.severity != null && isAbove(severity, before.severity)
  const ends = isBeyond
    ? ` Above the ${before.severity} that ${before.by} acknowledged: the acknowledgement no longer counts.`
    : ''
  const which = incident.alerts.length > 1 ? `${of}, ` : ''
  return `${which}${severity}, in the window that ends ${shownTime(windowEnd)}: ${details}${ends}`
}

function recordText(record: NotificationRecord, facts: Facts): string {
  const why = whyText(record, facts)
  if (record.outcome === 'muted') return `not ${whatText(record)}: ${why}`
  return `${whatText(record)}${why === '' ? '' : ` (${why})`}: ${fateText(record)}`
}

/** Receivers that are not notified of this incident because they were, shortly before, of the one before it. */
function carriedOver({ incident, found }: Facts): readonly Entry[] {
  const { lastNotified, openedAt } = incident
  return Object.entries(lastNotified)
    .filter(([receiver, last]) => receiver !== noReceiver && last.windowEnd < openedAt)
    .map(([receiver, last]) => {
      const text = `not to notify again: notified of the one before it at ${shownTime(last.at)}, within alerting.repeat_after`
      return entryOf(found[0]?.at ?? openedAt, 'notification', text, receiver)
    })
}

/** Never before what was found: during a catch-up, the windows are long past. */
function over({ incident: { status, resolvedAt, clearWindows }, found }: Facts): readonly Entry[] {
  if (status !== 'resolved' || resolvedAt === null) return []
  const windows = clearWindows === 1 ? 'one judged window' : `${clearWindows} judged windows in a row`
  const at = Math.max(resolvedAt, found.at(-1)?.at ?? resolvedAt)
  return [entryOf(at, 'over', `${windows} without it, up to ${shownTime(resolvedAt)}`)]
}
