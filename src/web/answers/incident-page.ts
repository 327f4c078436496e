import type { SegmentShare } from '../../../detectors/types.ts'
import { composeMessage } from '../../channel/message/message.ts'
import type { RenderOptions } from '../../channel/types.ts'
import { calendarEntries } from '../../config/calendar-entries.ts'
import { type Explained, explanationOf } from '../../explain/explanation.ts'
import { readFacts } from '../../explain/facts.ts'
import { type Alert, isSameCondition } from '../../incident/alert.ts'
import { conditionOf } from '../../incident/impact.ts'
import { notificationOf, notYetSent } from '../../incident/notification.ts'
import type { StoredIncident } from '../../incident/types.ts'
import type { SeriesKey } from '../../store/tables/series.ts'
import { dayMs, hourMs, minuteMs } from '../../time/units.ts'
import type { IncidentPage } from '../api/incidents.ts'
import type { SeriesAnswer } from '../api/series.ts'
import type { Way } from '../inbound/context.ts'
import { changeView } from './changes.ts'
import { incidentView } from './incident-view.ts'
import { markOf } from './marks.ts'
import type { Span } from './read-series.ts'
import type { Shop } from './shop.ts'
import { alignedTo, stepOf } from './steps.ts'

const beforeMs = 2 * hourMs
const afterMs = 30 * minuteMs
const longestMs = 90 * dayMs
const mostPoints = 1_500
const mostMarks = 1_000
const mostAlerts = 20
const mostSegments = 8

/** All that is known of an incident: what its message says, charts on one time axis, and why each message was sent or not. */
export async function readIncidentPage(
  { operating, shop }: Way,
  incident: StoredIncident
): Promise<IncidentPage> {
  const nowMs = operating.now()
  const facts = await readFacts(shop.store, incident, nowMs)
  const explained = explanationOf(facts, shop.incidents(), nowMs, [])
  const span = await spanOf(incident, shop, nowMs)
  const drawn = await readDrawn(incident, shop, span)
  const changes = await shop.store.changes(incident.pipeline, span.fromMs, span.toMs)
  return {
    ...incidentView(incident, shop, explained.label),
    message: messageOf(incident, shop.renderOptions(), nowMs),
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
    ...drawn,
    anomalies_found: await readMarks(incident, shop, span),
    calendar: calendarOf(shop, span),
    changes: changes.map(changeView),
    ...told(explained)
  }
}

/** As its message says it, but for links and the small picture: the page has its own. */
function messageOf(incident: StoredIncident, options: RenderOptions, nowMs: number): IncidentPage['message'] {
  const spec = { action: 'trigger', reason: { type: 'opened' }, dedupKey: null, receiver: '' } as const
  const { headline, notes, facts, parts } = composeMessage(
    {
      ...notificationOf(incident, spec),
      ...notYetSent(nowMs),
      ...{ id: incident.id, pipeline: incident.pipeline, outcome: 'pending', recent: [] }
    },
    options
  )
  return {
    headline,
    notes: [...notes],
    facts: facts.map(({ key, label, text }) => ({ key, label, text })),
    parts: parts.map(({ key, heading, lines }) => ({ key, heading, lines: [...lines] }))
  }
}

const told = ({ timeline, routes, next }: Explained): Pick<IncidentPage, 'timeline' | 'routes' | 'next'> => ({
  timeline: timeline.map(entry => ({ ...entry, at: new Date(entry.at).toISOString() })),
  routes: routes.map(one => ({ ...one })),
  next: [...next]
})

/** From before it began until the newest window, or for a while behind its end. */
async function spanOf(incident: StoredIncident, { store, scale }: Shop, nowMs: number): Promise<Span> {
  const { conditionFrom } = conditionOf(incident)
  const newest = (await store.windowSpan(incident.pipeline))?.toMs ?? nowMs
  const end = incident.resolvedAt === null ? newest : Math.min(newest, incident.resolvedAt + afterMs)
  const toMs = Math.max(end, incident.lastAnomalyAt)
  const fromMs = Math.max(conditionFrom - beforeMs, toMs - longestMs)
  const stepMs = stepOf(toMs - fromMs, mostPoints, scale.windowMs)
  return { stepMs, ...alignedTo(stepMs, fromMs, toMs) }
}

/** The series of the alert that leads, of the others, and of the segments behind it, all in one question. */
async function readDrawn(
  incident: StoredIncident,
  { scale, readSeries }: Shop,
  span: Span
): Promise<Pick<IncidentPage, 'series' | 'symptoms' | 'segments'>> {
  const { metric } = incident.lastAnomaly
  const others = incident.alerts.filter(alert => !isSameCondition(alert, incident)).slice(0, mostAlerts)
  const parts: readonly SegmentShare[] = incident.explainedBy.slice(0, mostSegments)
  const lead = { metric, segment: incident.segment }
  const wanted = [lead, ...others.map(keyOf), ...parts.map(({ segment }) => ({ metric, segment }))]
  const keys = new Map(
    wanted.filter(key => scale.definitionOf(key.metric) !== undefined).map(key => [nameOf(key), key])
  )
  const read = await readSeries([...keys.values()], span)
  const byName = new Map(read.filter(isStored).map(series => [nameOf(series), series]))
  return {
    series: byName.get(nameOf(lead)) ?? null,
    symptoms: others.flatMap(alert => {
      const series = byName.get(nameOf(keyOf(alert)))
      return series === undefined ? [] : [{ kind: alert.kind, alert: alert.id, series }]
    }),
    segments: parts.map(({ segment, share, value, expected }) => ({
      ...{ segment, share, value, expected },
      series: byName.get(nameOf({ metric, segment })) ?? null
    }))
  }
}

const keyOf = ({ segment, lastAnomaly }: Alert): SeriesKey => ({ metric: lastAnomaly.metric, segment })
const nameOf = ({ metric, segment }: SeriesKey): string => `${metric}\0${segment}`
const isStored = ({ complete }: SeriesAnswer): boolean => complete.some(one => one !== null)

async function readMarks(
  { pipeline, alerts }: StoredIncident,
  { store }: Shop,
  { fromMs, toMs }: Span
): Promise<IncidentPage['anomalies_found']> {
  const rows = await store.anomalies({
    ...{ pipeline, endsFromMs: fromMs, endsToMs: toMs, limit: mostMarks },
    like: { kind: [...new Set(alerts.map(({ kind }) => kind))] }
  })
  return rows
    .filter(row => alerts.some(({ kind, segment }) => kind === row.anomaly_type && segment === row.segment))
    .map(markOf)
    .reverse()
}

function calendarOf({ config }: Shop, { fromMs, toMs }: Span): IncidentPage['calendar'] {
  return calendarEntries(config())(new Date(toMs).getUTCFullYear())
    .filter(entry => entry.fromMs < toMs && entry.toMs > fromMs)
    .map(entry => ({
      ...{ name: entry.name, effect: entry.effect },
      from: new Date(entry.fromMs).toISOString(),
      to: new Date(entry.toMs).toISOString()
    }))
}
