import { isOfService } from '../../../detectors/kind-of.ts'
import type { Anomaly, Severity } from '../../../detectors/types.ts'
import { nextLevelOf } from '../../incident/escalation.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { type Translate, translator } from '../../language/translator.ts'
import type { RenderOptions } from '../types.ts'
import { causeText } from './cause.ts'
import { changeLines } from './changes.ts'
import { detailsOf, inhibitedLines, sentenceOf } from './details.ts'
import { type Fact, factsOf, type MessageContext, type State } from './facts.ts'
import { acknowledgedBy, environmentMark, formatShare, formatSpan, subjectOf, wholeOf } from './format.ts'
import { markOf } from './marks.ts'
import { filledUrl, isAddress } from './placeholders.ts'
import { reasonNote } from './reasons.ts'
import { reportMessage } from './report.ts'
import { adviceOn } from './runbook.ts'
import {
  dashboardLabel,
  needsImmediateAction,
  serviceFacts,
  serviceLinks,
  serviceParts
} from './service-alert.ts'
import { pictureOf } from './sparkline.ts'
import { plain, plainStart } from './text.ts'
import { titled } from './title.ts'

/** What a notification says, before a receiver's form and limits. Texts are on one line each, made of what can be shown. */
export interface Message {
  readonly state: State
  readonly severity: Severity
  /** Another service raised it, whose users know other colours. */
  readonly isOfService: boolean
  /** Stands before the title where there is room for it: of the kind while it is open, else of the state. */
  readonly mark: string
  /** `HIGH: Revenue drop · country=DE`. */
  readonly title: string
  /** The title and the finding's sentence. */
  readonly headline: string
  /** Why it came, and what else is to be known before the figures. */
  readonly notes: readonly string[]
  readonly facts: readonly Fact[]
  readonly parts: readonly Part[]
  readonly links: readonly Link[]
  /** A person may acknowledge or silence what it tells of. */
  readonly mayAcknowledge: boolean
  readonly maySilence: boolean
  /** A level of its escalation is left. */
  readonly mayEscalate: boolean
  /** A person may say what it was. */
  readonly mayLabel: boolean
  /** Where it comes from, for who wants to look it up. */
  readonly origin: string
  /** What else a receiver's form needs is in the same language. */
  readonly t: Translate
}

/** A passage with its heading, which the finding's own sentence has not. */
export interface Part {
  readonly key:
    | 'details'
    | 'changes'
    | 'symptoms'
    | 'picture'
    | 'where'
    | 'reported'
    | 'check_first'
    | 'explains'
    | 'incidents'
  readonly heading: string | null
  readonly lines: readonly string[]
  /** The addresses in them that the configuration names; no other may become a link. */
  readonly links: readonly string[]
}

interface Link {
  readonly id: 'acknowledge_link' | 'immediate_action' | 'view_dashboard' | 'runbook' | `link_${number}`
  readonly text: string
  readonly url: string
}

export function composeMessage(notification: NotificationRecord, renderOptions: RenderOptions): Message {
  if (notification.report) return reportMessage(notification, notification.report, renderOptions)
  const { action, severity, anomalies, reason, pipeline, incidentId, incident } = notification
  const anomaly = anomalies.at(-1)
  const state = stateOf(notification)
  const { t } = translator(renderOptions.language)
  const title = `${environmentMark(renderOptions)}${titled(notification, state, t)}`
  const isLive =
    reason.type !== 'test' && incident?.status === 'open' && (state === 'open' || state === 'acknowledged')
  const context = { notification, renderOptions, t, state, incident }
  const isDetailed = anomaly && action !== 'resolve' && action !== 'summary'
  const note = reasonNote(notification, t)
  return {
    state,
    severity,
    isOfService: isOfService(notification.kind),
    mark: reason.type === 'new_level' ? '➡️' : (marks[state] ?? markOf(notification.kind)),
    title,
    headline: isDetailed ? t('title.headline', { title, details: detailsOf(anomaly, renderOptions) }) : title,
    notes: [
      ...(note ? [note] : []),
      ...(incident?.flapping && reason.type !== 'flapping' ? [t('note.flapping')] : [])
    ],
    facts: anomaly && state !== 'summary' ? figuresOf(anomaly, context) : [],
    parts: partsOf(anomaly, context),
    links: linksOf(context, isLive && state === 'open'),
    mayAcknowledge: isLive && state === 'open',
    maySilence: isLive,
    mayEscalate: isLive && incident?.escalation !== undefined && nextLevelOf(incident.escalation) !== null,
    mayLabel: incident !== null && state !== 'summary' && reason.type !== 'test',
    origin: t('origin', { pipeline: plain(pipeline), incident: plain(incidentId) }),
    t
  }
}

const figuresOf = (anomaly: Anomaly, context: MessageContext): Fact[] =>
  isOfService(anomaly.kind) ? serviceFacts(anomaly, context) : factsOf(anomaly, context)

const marks: Readonly<Record<State, string | null>> = {
  open: null,
  acknowledged: '👀',
  resolved: '✅',
  summary: '🗂️'
}

function stateOf(notification: NotificationRecord): State {
  const { action } = notification
  if (action === 'resolve') return 'resolved'
  if (action === 'summary') return 'summary'
  return action === 'acknowledge' || acknowledgedBy(notification) !== null ? 'acknowledged' : 'open'
}

function partsOf(
  anomaly: Anomaly | undefined,
  { notification, renderOptions, t, state, incident }: MessageContext
): Part[] {
  const parts: Part[] = []
  const add = (
    key: Part['key'],
    heading: string | null,
    lines: readonly string[],
    links: readonly string[] = []
  ) => {
    if (lines.length > 0) parts.push({ key, heading, lines, links })
  }
  if (state === 'summary') {
    add(
      'incidents',
      null,
      notification.anomalies.map(one => incidentLine(one, renderOptions, t))
    )
    return parts
  }
  if (!anomaly) return parts
  const details = detailsOf(anomaly, renderOptions) || t('part.no_details')
  add('details', null, incident?.cause ? [causeText(incident.cause, t), details] : [details])
  add('changes', t('part.changes'), changeLines(notification, renderOptions, t))
  const symptoms = notification.anomalies.slice(0, -1)
  add(
    'symptoms',
    t('part.symptoms'),
    symptoms.map(one => symptomLine(one, renderOptions, t))
  )
  const picture = pictureOf(notification.recent)
  add(
    'picture',
    t('part.picture', { count: Math.min(notification.recent.length, 60) }),
    picture ? [picture] : []
  )
  // An anomaly that was stored before segments were followed has none.
  const { explainedBy = [] } = anomaly
  const segments = explainedBy.length > 0 ? explainedBy : (incident?.explainedBy ?? [])
  add(
    'where',
    t('part.where'),
    segments.map(share => formatShare(anomaly.unit, share, renderOptions))
  )
  if (isOfService(anomaly.kind))
    for (const [heading, lines] of serviceParts(anomaly, t)) add('reported', heading, lines)
  add(
    'explains',
    t('part.explains'),
    inhibitedLines(notification, renderOptions).map(line => plainStart(line, longestLine))
  )
  if (state !== 'resolved') {
    const { text, links } = adviceOn(notification, renderOptions).checkFirst
    add('check_first', t('part.check_first'), [text], links)
  }
  return parts
}

const symptomLine = (anomaly: Anomaly, renderOptions: RenderOptions, t: Translate): string =>
  t('part.symptom', {
    severity: t(`severity.${anomaly.severity}`),
    subject: subjectOf(anomaly, t),
    details: plainStart(sentenceOf(anomaly, renderOptions), longestLine)
  })

/** Of one line among many; receivers cut it further. */
const longestLine = 500

function incidentLine(anomaly: Anomaly, renderOptions: RenderOptions, t: Translate): string {
  const { openedAt, lasts } = wholeOf(anomaly)
  const span = formatSpan(openedAt, anomaly.windowEnd, renderOptions)
  return t(lasts ? 'part.incident_lasts' : 'part.incident', {
    severity: t(`severity.${anomaly.severity}`),
    subject: subjectOf(anomaly, t),
    span,
    details: plainStart(sentenceOf(anomaly, renderOptions), longestLine)
  })
}

function linksOf({ notification, renderOptions, t, state }: MessageContext, mayAcknowledge: boolean): Link[] {
  const links: Link[] = []
  const add = (id: Link['id'], text: string, url: string | null) => {
    if (url !== null && isAddress(url)) links.push({ id, text, url })
  }
  const isOfIncident = state !== 'summary' && notification.reason.type !== 'test'
  const page = isOfIncident ? renderOptions.incidentUrl(notification) : null
  add('acknowledge_link', t('button.acknowledge'), mayAcknowledge ? page : null)
  if (needsImmediateAction(notification)) add('immediate_action', t('button.immediate_action'), page)
  const anomaly = notification.anomalies.at(-1)
  const label = isOfService(notification.kind) ? dashboardLabel(notification) : 'button.dashboard'
  const dashboard = filledUrl(renderOptions.dashboardTemplate, notification) ?? page
  if (label !== null) add('view_dashboard', t(label), dashboard)
  if (anomaly && isOfService(anomaly.kind) && state !== 'summary')
    for (const [index, [title, url]] of serviceLinks(anomaly).entries()) add(`link_${index + 1}`, title, url)
  if (state !== 'summary')
    add('runbook', t('button.runbook'), adviceOn(notification, renderOptions).runbookUrl)
  return links
}
