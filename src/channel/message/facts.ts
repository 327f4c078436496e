import type { Anomaly } from '../../../detectors/types.ts'
import type { IncidentFacts, NotificationRecord } from '../../incident/types.ts'
import type { Unit } from '../../metrics/types.ts'
import type { Look } from '../types.ts'
import { acknowledgedBy, amountOf, durationOf, momentOf, spanOf } from './format.ts'
import { plain } from './text.ts'

/** How an incident stands in a message; a summary tells of several. */
export type State = 'open' | 'acknowledged' | 'resolved' | 'summary'

/** What a message is made of. */
export interface Told {
  readonly notification: NotificationRecord
  readonly look: Look
  readonly state: State
  readonly incident: IncidentFacts | null
}

/** One figure with its name. */
export interface Fact {
  readonly key:
    | 'severity'
    | 'since'
    | 'time'
    | 'current'
    | 'expected'
    | 'loss'
    | 'windows'
    | 'worst'
    | 'segment'
    | 'acknowledged'
  readonly label: string
  readonly text: string
}

/** The figures of an incident, or of its last finding alone where no more is known. */
export function factsOf(anomaly: Anomaly, { notification, look, state, incident }: Told): Fact[] {
  const { metric, unit, segment, value, expected, windowStart, windowEnd } = anomaly
  const facts: Fact[] = []
  const add = (key: Fact['key'], label: string, text: string | null) => {
    if (text !== null) facts.push({ key, label, text })
  }
  const isOver = state === 'resolved'
  add('severity', 'Severity', notification.severity)
  add('since', isOver ? 'Lasted' : 'Since', incident && sinceOf(incident, isOver, look))
  add('time', isOver ? 'Last found' : 'Time', spanOf(windowStart, windowEnd, look))
  add('current', isOver ? 'Then' : 'Current', `${amountOf(unit, value, look)} (${plain(metric)})`)
  add('expected', 'Expected', amountOf(unit, expected, look))
  add('loss', lossLabel(incident), incident && lossOf(unit, incident, look))
  add('windows', 'Windows', incident && incident.anomalies > 1 ? String(incident.anomalies) : null)
  add('worst', 'Worst', incident && worstOf(anomaly, incident, look))
  add('segment', 'Segment', segment === 'all' ? null : plain(segment))
  add('acknowledged', 'Acknowledged by', acknowledgedBy(notification))
  return facts
}

function sinceOf({ openedAt, lastAnomalyAt, resolvedAt }: IncidentFacts, isOver: boolean, look: Look) {
  const until = isOver ? (resolvedAt ?? lastAnomalyAt) : lastAnomalyAt
  if (until <= openedAt) return null
  const lasted = durationOf(until - openedAt)
  return isOver ? `${spanOf(openedAt, until, look)} (${lasted})` : `${momentOf(openedAt, look)} (${lasted})`
}

const lossLabel = (incident: IncidentFacts | null): string =>
  (incident?.loss ?? 0) < 0 ? 'Excess so far' : 'Loss so far'

function lossOf(unit: Unit, { loss }: IncidentFacts, look: Look): string | null {
  return loss === null || loss === 0 ? null : amountOf(unit, Math.abs(loss), look)
}

function worstOf(anomaly: Anomaly, { peak }: IncidentFacts, look: Look): string | null {
  if (peak.windowEnd === anomaly.windowEnd) return null
  const { unit } = anomaly
  const values = `${amountOf(unit, peak.value, look)} instead of ${amountOf(unit, peak.expected, look)}`
  return `${values}, ${momentOf(peak.windowEnd, look)}`
}
