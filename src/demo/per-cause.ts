import { moreSevere } from '../../detectors/rules/severity.ts'
import type { Severity } from '../../detectors/types.ts'
import type { NotificationRecord, StoredIncident } from '../incident/types.ts'
import { minuteMs } from '../time/units.ts'
import { fittingKinds, harmlessKinds } from './fitting.ts'
import type { ScoredLabel } from './score.ts'

/** What one fault of the stream led to. */
export interface PerCause<Label extends ScoredLabel = ScoredLabel> {
  readonly label: Label
  /** Above low severity. */
  readonly incidents: number
  /** Messages, resolved ones included, to the receiver that got the most; pages are none. */
  readonly messages: number
  readonly pages: number
  /** Of the first message; undefined where there was none. */
  readonly firstSeverity: Severity | undefined
  /** What its incidents came to; undefined where there was none. */
  readonly finalSeverity: Severity | undefined
  /** The likely cause that was said last, or the kind; undefined where there was no incident. */
  readonly named: string | undefined
  readonly isNamedRight: boolean
}

interface Labelled extends ScoredLabel {
  readonly segment?: string | undefined
}

/** A fault with the incidents it led to, in the order of their opening, and the messages about them. */
export interface LedTo<Label extends ScoredLabel> {
  readonly label: Label
  readonly incidents: readonly StoredIncident[]
  /** In the order of the decisions, pages included. */
  readonly sent: readonly NotificationRecord[]
}

const afterMs = 10 * minuteMs

/** What each fault led to: the incidents that open while it lasts or in the ten minutes after. */
export function ledTo<Label extends ScoredLabel>(
  labels: readonly Label[],
  incidents: readonly StoredIncident[],
  notifications: readonly NotificationRecord[]
): readonly LedTo<Label>[] {
  const faults = labels.filter(({ kind }) => !harmlessKinds.has(kind))
  const byLabel = Map.groupBy(incidents, ({ openedAt }) =>
    faults.findLast(({ startMs, endMs }) => openedAt > startMs && openedAt <= endMs + afterMs)
  )
  return faults.map(label => {
    const own = (byLabel.get(label) ?? []).toSorted((a, b) => a.openedAt - b.openedAt)
    const ids = new Set(own.map(({ id }) => id))
    const sent = notifications.filter(
      ({ incidentId, outcome, action }) => ids.has(incidentId) && outcome !== 'muted' && action !== 'summary'
    )
    return { label, incidents: own, sent: sent.toSorted((a, b) => a.decidedAt - b.decidedAt) }
  })
}

/** Counts the incidents and messages of each fault. */
export function countPerCause<Label extends Labelled>(
  labels: readonly Label[],
  incidents: readonly StoredIncident[],
  notifications: readonly NotificationRecord[]
): readonly PerCause<Label>[] {
  return ledTo(labels, incidents, notifications).map(({ label, incidents: own, sent }) => {
    const pages = sent.filter(({ dedupKey, action }) => dedupKey !== null && action === 'trigger')
    const messages = Map.groupBy(
      sent.filter(({ dedupKey }) => dedupKey === null),
      ({ receiver }) => receiver
    )
    const above = own.filter(isAboveLow)
    const severities = own.map(({ severity }) => severity)
    return {
      label,
      incidents: above.length,
      messages: Math.max(0, ...[...messages.values()].map(of => of.length)),
      pages: pages.length,
      firstSeverity: sent[0]?.severity,
      finalSeverity: severities[0] && severities.reduce(moreSevere),
      named: above.map(nameOf)[0],
      isNamedRight: above.some(incident => isRight(label, incident))
    }
  })
}

export const isAboveLow = ({ severity }: Pick<StoredIncident, 'severity'>): boolean => severity !== 'low'

const nameOf = ({ cause, kind, segment }: StoredIncident): string =>
  `${cause?.title ?? kind}${segment === 'all' ? '' : ` · ${segment}`}`

function isRight({ kind, segment }: Labelled, incident: StoredIncident): boolean {
  const named = incident.cause?.id ?? incident.kind
  const isPlace = segment === undefined || segment.startsWith('field=') || isOf(incident, segment)
  return isPlace && fittingKinds[kind]?.named.includes(named) === true
}

const isOf = ({ segment, explainedBy }: StoredIncident, wanted: string): boolean =>
  segment === wanted || (segment === 'all' && explainedBy[0]?.segment === wanted)

/** Of the causes that were found, in the mean: incidents, pages and messages; and how many were named right. */
export function meansOf(causes: readonly PerCause[]) {
  const found = causes.filter(({ incidents }) => incidents > 0)
  const mean = (of: (cause: PerCause) => number) =>
    found.reduce((sum, cause) => sum + of(cause), 0) / Math.max(1, found.length)
  return {
    found: found.length,
    incidents: mean(cause => cause.incidents),
    pages: mean(cause => cause.pages),
    messages: mean(cause => cause.messages),
    right: found.filter(({ isNamedRight }) => isNamedRight).length
  }
}

/** One line that sums up: per cause, in the mean. */
export function perCauseLine(causes: readonly PerCause[]): string {
  const { found, incidents, pages, messages, right } = meansOf(causes)
  return (
    `per cause: ${incidents.toFixed(2)} incidents, ${pages.toFixed(2)} pages, ` +
    `${messages.toFixed(2)} messages to one receiver at most; ` +
    `the likely cause is right for ${right} of ${found}`
  )
}
