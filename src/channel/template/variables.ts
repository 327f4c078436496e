import { isOfService } from '../../../detectors/kind-of.ts'
import type { Anomaly, Evidence } from '../../../detectors/types.ts'
import { conditionOf } from '../../incident/impact.ts'
import { formatReason } from '../../incident/reason.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { Translate } from '../../language/translator.ts'
import { secondMs } from '../../time/units.ts'
import { causeText, causeTitle } from '../message/cause.ts'
import { colorOf } from '../message/color.ts'
import { detailsOf, inhibitedLines } from '../message/details.ts'
import { acknowledgedBy, subjectOf, wholeOf } from '../message/format.ts'
import type { Message } from '../message/message.ts'
import { plainStart } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'
import { serviceFields } from './service-fields.ts'
import { unmarked } from './spans.ts'

/** Characters of a text, a sentence and a name: the longest that events may hold leaves room for the rest of a message. */
const max = { text: 1_000, line: 300, name: 120, list: 20 }

export interface VariablesOptions {
  readonly message: Message
  readonly renderOptions: Pick<RenderOptions, 'currency' | 'timezone' | 'environment' | 'language'>
  readonly labels: Readonly<Record<string, string>>
}

/**
 * What templates see of a notification, and all that they see: plain values under the names of docs/templates.md. Texts are
 * on one line, made of what can be shown, and cut. What does not apply is null, or an empty list.
 */
export function variablesOf(
  notification: NotificationRecord,
  { message, renderOptions, labels }: VariablesOptions
) {
  const { incident, kind, segment, reason, escalated } = notification
  const { t } = message
  const found = (one: Anomaly) => foundOf(one, t, renderOptions)
  const anomaly = notification.anomalies.at(-1)
  return {
    ...{ id: notification.incidentId, action: notification.action, state: message.state },
    ...{
      kind: name(kind),
      kind_title: name(subjectOf({ kind, segment: 'all' }, t)),
      subject: line(subjectOf(notification, t))
    },
    title: line(message.title),
    severity: notification.severity,
    reason: line(formatReason(reason)),
    is_test: reason.type === 'test',
    is_reminder: reason.type === 'reminder',
    pipeline: name(notification.pipeline),
    environment: renderOptions.environment ?? null,
    labels: mapped({ ...anomaly?.labels, ...labels }, name),
    segment: name(segment),
    ...figuresOf(anomaly),
    ...timesOf(notification, anomaly),
    details: anomaly ? text(detailsOf(anomaly, renderOptions)) : '',
    notes: message.notes.map(line),
    cause: incident?.cause
      ? { title: line(causeTitle(incident.cause, t)), text: text(causeText(incident.cause, t)) }
      : null,
    also_found: message.state === 'summary' ? [] : notification.anomalies.slice(0, -1).map(found),
    incidents:
      message.state === 'summary'
        ? notification.anomalies.slice(0, max.list).map(one => ({ ...found(one), ...spanOf(one) }))
        : [],
    where: segmentsOf(notification, anomaly),
    explains: inhibitedLines(notification, renderOptions).slice(0, max.list).map(line),
    check_first: partOf(message, 'check_first'),
    links: linksOf(message),
    buttons: message.links.map(({ id, text: label, url }) => ({ id, text: line(label), url })),
    may_acknowledge: message.mayAcknowledge,
    may_silence: message.maySilence,
    may_escalate: message.mayEscalate,
    acknowledged_by: nullOr(acknowledgedBy(notification, t), line),
    loss: number(incident?.loss),
    loss_unit: incident?.lossUnit ?? anomaly?.unit ?? null,
    windows: incident?.anomalies ?? null,
    flapping: incident?.flapping ?? false,
    escalation: escalated
      ? { level: escalated.level, levels: escalated.levels, by: nullOr(escalated.by, name) }
      : null,
    alert: anomaly && isOfService(anomaly.kind) ? serviceFields(anomaly, clean) : null,
    evidence: mapped(anomaly?.evidence ?? {}, evidence),
    report: reportOf(notification),
    color: colorOf(message),
    currency: renderOptions.currency,
    timezone: renderOptions.timezone,
    language: renderOptions.language ?? 'en'
  }
}

const clean = (written: string, longest: number): string => unmarked(plainStart(written, longest))
const text = (written: string): string => clean(written, max.text)
const line = (written: string): string => clean(written, max.line)
const name = (written: string): string => clean(written, max.name)
const number = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null
const nullOr = (written: string | null, change: (text: string) => string): string | null =>
  written === null ? null : change(written)
const time = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString()

const evidence = (value: Evidence[string]) => (typeof value === 'string' ? line(value) : value)

function mapped<From, To>(map: Readonly<Record<string, From>>, change: (value: From) => To) {
  const entries = Object.entries(map).slice(0, 100)
  return Object.fromEntries(entries.map(([key, value]) => [name(key), change(value)]))
}

function figuresOf(anomaly: Anomaly | undefined) {
  const value = number(anomaly?.value)
  const expected = number(anomaly?.expected)
  return {
    ...{ metric: name(anomaly?.metric ?? ''), unit: anomaly?.unit ?? null, value, expected },
    change: value === null || expected === null || expected === 0 ? null : (value - expected) / expected
  }
}

/** Texts of ISO 8601; durations in seconds. */
function timesOf({ incident, decidedAt, action }: NotificationRecord, anomaly: Anomaly | undefined) {
  const { conditionFrom, conditionTo } = incident
    ? conditionOf(incident)
    : { conditionFrom: anomaly?.windowStart, conditionTo: anomaly?.windowEnd }
  const until = action === 'resolve' ? conditionTo : decidedAt
  return {
    window_start: time(anomaly?.windowStart),
    window_end: time(anomaly?.windowEnd),
    opened_at: time(conditionFrom),
    resolved_at: time(incident?.resolvedAt),
    sent_at: time(decidedAt),
    duration:
      conditionFrom === undefined || until === undefined
        ? null
        : Math.max(0, Math.round((until - conditionFrom) / secondMs))
  }
}

const foundOf = (anomaly: Anomaly, t: Translate, renderOptions: Pick<RenderOptions, 'language'>) => ({
  ...{ kind: name(anomaly.kind), title: line(subjectOf(anomaly, t)), severity: anomaly.severity },
  ...{ segment: name(anomaly.segment), details: line(detailsOf(anomaly, renderOptions)) }
})

function spanOf(anomaly: Anomaly) {
  const { openedAt, lasts } = wholeOf(anomaly)
  return { opened_at: time(openedAt), window_end: time(anomaly.windowEnd), is_open: lasts }
}

function segmentsOf({ incident }: NotificationRecord, anomaly: Anomaly | undefined) {
  const own = anomaly?.explainedBy ?? []
  const shares = own.length > 0 ? own : (incident?.explainedBy ?? [])
  return shares.slice(0, max.list).map(({ segment, share, value, expected }) => ({
    ...{ segment: name(segment), share: number(share), value: number(value), expected: number(expected) }
  }))
}

const partOf = ({ parts }: Message, wanted: Message['parts'][number]['key']): string =>
  text(parts.find(({ key }) => key === wanted)?.lines.join(' ') ?? '')

/** Addresses that the configuration names or that were made for this message; null where there is none. */
function linksOf({ links }: Message) {
  const urlOf = (wanted: string) => links.find(({ id }) => id === wanted)?.url ?? null
  return {
    dashboard: urlOf('view_dashboard'),
    runbook: urlOf('runbook'),
    acknowledge: urlOf('acknowledge_link'),
    immediate_action: urlOf('immediate_action')
  }
}

function reportOf({ report }: NotificationRecord) {
  if (report === undefined) return null
  return {
    ...{ name: name(report.name), date: name(report.date), title: line(report.title) },
    sections: report.sections.map(({ heading, lines }) => ({
      heading: line(heading),
      lines: lines.map(line)
    }))
  }
}
