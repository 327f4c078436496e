import type { Anomaly } from '../../../detectors/types.ts'
import { conditionOf } from '../../incident/impact.ts'
import type { IncidentFacts, NotificationRecord } from '../../incident/types.ts'
import type { Unit } from '../../metrics/types.ts'
import type { RenderOptions } from '../types.ts'
import { acknowledgedBy, durationOf, formatAmount, formatMoment, formatSpan } from './format.ts'
import { severityTexts } from './marks.ts'
import { plain } from './text.ts'

/** How an incident stands in a message; a summary tells of several. */
export type State = 'open' | 'acknowledged' | 'resolved' | 'summary'

/** What a message is made of. */
export interface MessageContext {
  readonly notification: NotificationRecord
  readonly renderOptions: RenderOptions
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
    | 'reported'
  readonly label: string
  readonly text: string
}

/** The figures of an incident, or of its last finding alone where no more is known. */
export function factsOf(
  anomaly: Anomaly,
  { notification, renderOptions, state, incident }: MessageContext
): Fact[] {
  const { metric, unit, segment, value, expected, windowStart, windowEnd } = anomaly
  const facts: Fact[] = []
  const add = (key: Fact['key'], label: string, text: string | null) => {
    if (text !== null) facts.push({ key, label, text })
  }
  const isOver = state === 'resolved'
  add('severity', 'Severity', isOver ? notification.severity : severityTexts[notification.severity])
  add('since', isOver ? 'Lasted' : 'Since', incident && sinceOf(incident, isOver, renderOptions))
  add('time', isOver ? 'Last found' : 'Time', formatSpan(windowStart, windowEnd, renderOptions))
  const ofCounted = unit === 'count' ? ` ${plain(metric).replaceAll('_', ' ')}` : ''
  const amountOf = (amount: number) =>
    `${formatAmount(unit, amount, renderOptions)}${Number.isFinite(amount) ? ofCounted : ''}`
  add('current', isOver ? 'Then' : 'Current', `${amountOf(value)}${ofCounted ? '' : ` (${plain(metric)})`}`)
  add(
    'expected',
    'Expected',
    `${Number.isFinite(expected) ? '~' : ''}${amountOf(expected)}${zScoreText(anomaly)}`
  )
  add('loss', lossLabel(incident, isOver), incident && lossOf(unit, incident, renderOptions))
  add('windows', 'Windows', incident && incident.anomalies > 1 ? String(incident.anomalies) : null)
  add('worst', 'Worst', incident && worstOf(anomaly, incident, renderOptions))
  add('segment', 'Segment', segment === 'all' ? null : plain(segment))
  add('acknowledged', 'Acknowledged by', acknowledgedBy(notification))
  return facts
}

function zScoreText({ evidence }: Anomaly): string {
  const zScore = evidence['z_score']
  return typeof zScore === 'number' && Number.isFinite(zScore) ? ` (z-score ${zScore.toFixed(2)})` : ''
}

/** Of the condition itself, not of when it was noticed and believed to be over. */
function sinceOf(incident: IncidentFacts, isOver: boolean, renderOptions: RenderOptions) {
  const { conditionFrom: from, conditionTo } = conditionOf(incident)
  const until = isOver ? conditionTo : incident.lastAnomalyAt
  if (until <= from) return null
  const lasted = durationOf(until - from)
  return isOver
    ? `${formatSpan(from, until, renderOptions)} (${lasted})`
    : `${formatMoment(from, renderOptions)} (${lasted})`
}

const lossLabel = (incident: IncidentFacts | null, isOver: boolean): string =>
  `${(incident?.loss ?? 0) < 0 ? 'Excess' : 'Loss'}${isOver ? '' : ' so far'}`

function lossOf(unit: Unit, { loss, lossUnit }: IncidentFacts, renderOptions: RenderOptions): string | null {
  return loss === null || loss === 0 ? null : formatAmount(lossUnit ?? unit, Math.abs(loss), renderOptions)
}

function worstOf(anomaly: Anomaly, { peak }: IncidentFacts, renderOptions: RenderOptions): string | null {
  if (peak.windowEnd === anomaly.windowEnd) return null
  const { unit } = anomaly
  const values = `${formatAmount(unit, peak.value, renderOptions)} instead of ${formatAmount(unit, peak.expected, renderOptions)}`
  return `${values}, ${formatMoment(peak.windowEnd, renderOptions)}`
}
