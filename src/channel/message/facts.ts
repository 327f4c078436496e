import type { Anomaly } from '../../../detectors/types.ts'
import { conditionOf } from '../../incident/impact.ts'
import type { IncidentFacts, NotificationRecord } from '../../incident/types.ts'
import type { Translate } from '../../language/translator.ts'
import type { Unit } from '../../metrics/types.ts'
import type { RenderOptions } from '../types.ts'
import {
  acknowledgedBy,
  durationText,
  formatAmount,
  formatChange,
  formatMoment,
  formatSpan,
  metricName,
  metricText
} from './format.ts'
import { plain } from './text.ts'
import { thresholdFacts } from './threshold-facts.ts'

/** How an incident stands in a message; a summary tells of several. */
export type State = 'open' | 'acknowledged' | 'resolved' | 'summary'

/** What a message is made of. */
export interface MessageContext {
  readonly notification: NotificationRecord
  readonly renderOptions: RenderOptions
  readonly t: Translate
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
    | 'date'
    | 'threshold'
    | 'beyond'
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
  { notification, renderOptions, t, state, incident }: MessageContext
): Fact[] {
  const { unit, segment, windowStart, windowEnd } = anomaly
  const facts: Fact[] = []
  const add = (key: Fact['key'], label: string, text: string | null) => {
    if (text !== null) facts.push({ key, label, text })
  }
  const isOver = state === 'resolved'
  add(
    'severity',
    t('fact.severity'),
    t(isOver ? `severity.${notification.severity}` : `respond.${notification.severity}`)
  )
  add(
    'since',
    t(isOver ? 'fact.lasted' : 'fact.since'),
    incident && sinceOf(incident, isOver, renderOptions, t)
  )
  const ofThreshold = thresholdFacts(anomaly, renderOptions, t)
  const hasDate = ofThreshold.some(({ key }) => key === 'date')
  const span = formatSpan(windowStart, windowEnd, renderOptions)
  add('time', t(isOver ? 'fact.last_found' : 'fact.time'), hasDate ? null : span)
  facts.push(...(ofThreshold.length > 0 ? ofThreshold : againstExpected(anomaly, isOver, renderOptions, t)))
  // Beyond a threshold nothing is lost.
  const loss = incident && ofThreshold.length === 0 ? lossOf(unit, incident, renderOptions) : null
  add('loss', t(lossLabel(incident, isOver)), loss)
  add('windows', t('fact.windows'), incident && incident.anomalies > 1 ? String(incident.anomalies) : null)
  add('worst', t('fact.worst'), incident && worstOf(anomaly, incident, renderOptions, t))
  add('segment', t('fact.segment'), segment === 'all' ? null : plain(segment))
  add('acknowledged', t('fact.acknowledged'), acknowledgedBy(notification, t))
  return facts
}

/** What it is, and what was expected. */
function againstExpected(
  anomaly: Anomaly,
  isOver: boolean,
  renderOptions: RenderOptions,
  t: Translate
): readonly Fact[] {
  const { metric, unit, value, expected } = anomaly
  const ofCounted = unit === 'count' ? ` ${metricText(metric, t)}` : ''
  const amountOf = (amount: number) =>
    `${formatAmount(unit, amount, renderOptions)}${Number.isFinite(amount) ? ofCounted : ''}`
  const current = `${amountOf(value)}${ofCounted ? '' : ` (${metricName(metric, renderOptions, t)})`}`
  const usual = `${Number.isFinite(expected) ? '~' : ''}${amountOf(expected)}${zScoreText(anomaly, t)}`
  return [
    { key: 'current', label: t(isOver ? 'fact.then' : 'fact.current'), text: current },
    { key: 'expected', label: t('fact.expected'), text: usual }
  ]
}

function zScoreText({ evidence }: Anomaly, t: Translate): string {
  const zScore = evidence['z_score']
  if (typeof zScore !== 'number' || !Number.isFinite(zScore)) return ''
  return ` (${t('fact.z_score', { value: { unit: 'hundredths', value: zScore } })})`
}

/** Of the condition itself, not of when it was noticed and believed to be over. */
function sinceOf(incident: IncidentFacts, isOver: boolean, renderOptions: RenderOptions, t: Translate) {
  const { conditionFrom: from, conditionTo } = conditionOf(incident)
  const until = isOver ? conditionTo : incident.lastAnomalyAt
  if (until <= from) return null
  const lasted = durationText(until - from, t)
  return isOver
    ? `${formatSpan(from, until, renderOptions)} (${lasted})`
    : `${formatMoment(from, renderOptions)} (${lasted})`
}

const lossLabel = (incident: IncidentFacts | null, isOver: boolean): string =>
  `fact.${(incident?.loss ?? 0) < 0 ? 'excess' : 'loss'}${isOver ? '' : '_so_far'}`

function lossOf(unit: Unit, { loss, lossUnit }: IncidentFacts, renderOptions: RenderOptions): string | null {
  return loss === null || loss === 0 ? null : formatAmount(lossUnit ?? unit, Math.abs(loss), renderOptions)
}

function worstOf(
  anomaly: Anomaly,
  { peak }: IncidentFacts,
  renderOptions: RenderOptions,
  t: Translate
): string | null {
  if (peak.windowEnd === anomaly.windowEnd) return null
  const change = formatChange(anomaly.unit, peak, renderOptions)
  return t('fact.worst_value', { change, time: formatMoment(peak.windowEnd, renderOptions) })
}
