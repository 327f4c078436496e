import type { Anomaly } from '../../../detectors/types.ts'
import { conditionOf } from '../../incident/impact.ts'
import { formatReason } from '../../incident/reason.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { translator } from '../../language/translator.ts'
import { causeText, causeTitle } from '../message/cause.ts'
import { inhibitedLines, sentenceOf } from '../message/details.ts'
import { composeMessage, type Message } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

/** Rises when a field changes its meaning or goes; one that comes does not count. */
const version = 1

/** Nobody wants a body of any length: so many findings of a summary, and so much of a text. */
const max = { anomalies: 50, text: 2_000, name: 300, segments: 10, recent: 120 }

/** What a generic webhook is sent: docs/alerts.md describes it. Values are as they are found, not made for display. */
export const webhookBody = (notification: NotificationRecord, renderOptions: RenderOptions) =>
  bodyOf(notification, wordsOf(composeMessage(notification, renderOptions)), renderOptions)

export const plainWebhookBody = (notification: NotificationRecord, problem: string) =>
  bodyOf(notification, { text: plainlyOf(notification, problem), notes: [], check_first: null, links: {} })

const bodyOf = (
  notification: NotificationRecord,
  words: ReturnType<typeof wordsOf>,
  renderOptions: Pick<RenderOptions, 'language'> = {}
) => ({
  version,
  id: notification.id,
  action: notification.action,
  reason: formatReason(notification.reason),
  severity: notification.severity,
  kind: cut(notification.kind, max.name),
  segment: cut(notification.segment, max.name),
  pipeline: cut(notification.pipeline, max.name),
  decided_at_ms: notification.decidedAt,
  incident: incidentOf(notification, renderOptions),
  anomalies: notification.anomalies.slice(0, max.anomalies).map(one => findingOf(one, renderOptions)),
  anomalies_total: notification.anomalies.length,
  recent: notification.recent.slice(-max.recent),
  ...(notification.escalated && { escalated: escalatedOf(notification.escalated) }),
  ...(notification.changes && { changes: notification.changes.map(changeOf) }),
  ...(notification.report && { report: reportOf(notification.report) }),
  explains: inhibitedLines(notification, renderOptions)
    .slice(0, max.anomalies)
    .map(line => cut(line, max.text)),
  ...words
})

const escalatedOf = ({ level, levels, by }: NonNullable<NotificationRecord['escalated']>) => ({
  level,
  levels,
  by: by === null ? null : cut(by, max.name)
})

const changeOf = ({ id, at, kind, what, by, link }: NonNullable<NotificationRecord['changes']>[number]) => ({
  ...{ id, at_ms: at, kind, what, link },
  by: cut(by, max.name)
})

const reportOf = ({ name, date, title, facts, sections }: NonNullable<NotificationRecord['report']>) => ({
  name,
  date,
  title: cut(title, max.name),
  ...(facts && {
    facts: facts.map(({ label, text }) => ({ label: cut(label, max.name), text: cut(text, max.text) }))
  }),
  sections: sections.map(({ heading, lines }) => ({
    heading: cut(heading, max.name),
    lines: lines.map(line => cut(line, max.text))
  }))
})

function wordsOf({ headline, notes, parts, links }: Message) {
  return {
    text: cut(headline, max.text),
    notes: notes.map(note => cut(note, max.text)),
    check_first: parts.find(({ key }) => key === 'check_first')?.lines.join('\n') ?? null,
    links: Object.fromEntries(
      links.map(({ id, url }) => [id === 'acknowledge_link' ? 'acknowledge' : id, url])
    )
  }
}

function incidentOf(
  { incidentId: id, incident }: NotificationRecord,
  { language }: Pick<RenderOptions, 'language'>
) {
  if (incident === null) return { id }
  const { status, severity, openedAt, lastAnomalyAt, resolvedAt, anomalies, loss, acknowledged, flapping } =
    incident
  const { conditionFrom, conditionTo } = conditionOf(incident)
  const { cause } = incident
  const { t } = translator(language)
  return {
    id,
    cause: cause ? { ...cause, title: causeTitle(cause, t), text: causeText(cause, t) } : null,
    status,
    severity,
    condition_from_ms: conditionFrom,
    condition_to_ms: conditionTo,
    opened_at_ms: openedAt,
    last_found_at_ms: lastAnomalyAt,
    resolved_at_ms: resolvedAt,
    windows: anomalies,
    loss,
    flapping,
    acknowledged: acknowledged && {
      by: cut(acknowledged.by, max.name),
      via: acknowledged.via,
      at_ms: acknowledged.at
    }
  }
}

function findingOf(anomaly: Anomaly, renderOptions: Pick<RenderOptions, 'language'>) {
  // An anomaly that was stored before segments were followed has none.
  const { explainedBy = [] } = anomaly
  return {
    id: anomaly.id,
    kind: anomaly.kind,
    segment: cut(anomaly.segment, max.name),
    severity: anomaly.severity,
    metric: anomaly.metric,
    value: anomaly.value,
    expected: anomaly.expected,
    window_start_ms: anomaly.windowStart,
    window_end_ms: anomaly.windowEnd,
    details: cut(sentenceOf(anomaly, renderOptions), max.text),
    explained_by: explainedBy
      .slice(0, max.segments)
      .map(({ segment, ...rest }) => ({ segment: cut(segment, max.name), ...rest }))
  }
}
