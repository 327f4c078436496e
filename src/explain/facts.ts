import { isAbove, rank } from '../../detectors/rules/severity.ts'
import type { Severity } from '../../detectors/types.ts'
import type { Alert } from '../incident/alert.ts'
import type { Reason } from '../incident/reason.ts'
import { createSilences } from '../incident/silences.ts'
import type { NotificationRecord, OperatorAction, Silence, StoredIncident } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import { dayMs } from '../time/units.ts'

/** The first finding of an alert, or one that is more severe than all before it. */
export interface Finding {
  /** `revenue_drop`, or `revenue_drop of country=DE`. */
  readonly of: string
  /** When it was detected. */
  readonly at: number
  readonly windowEnd: number
  readonly severity: Severity
  readonly details: string
}

/** All that is stored of one incident. */
export interface Facts {
  readonly incident: StoredIncident
  /** In the order of their windows. */
  readonly found: readonly Finding[]
  /** In the order of their decisions, with the summaries that list the incident. */
  readonly records: readonly NotificationRecord[]
  /** Acknowledgements of it, in the order of their time. */
  readonly acknowledgements: readonly OperatorAction[]
  /** Levels of its escalation that people asked for, in the order of their time. */
  readonly escalations: readonly OperatorAction[]
  /** What people said it was, in the order of their time. */
  readonly labels: readonly OperatorAction[]
  /** Silences that suppressed its notifications, by id. */
  readonly silences: ReadonlyMap<string, Silence>
  /** Those of them that somebody ended. */
  readonly endings: readonly OperatorAction[]
  /** Silences of the pipeline since then, at the earliest end that each was given. */
  readonly ofPipeline: readonly Silence[]
  /** Those that have not ended. */
  readonly lasting: readonly Silence[]
  /** The incidents that inhibited it, by kind. */
  readonly inhibitors: ReadonlyMap<string, StoredIncident>
}

/** A silence lasts no longer than this, so an earlier one has ended. */
const longestSilenceMs = 91 * dayMs
/** How long before the incident the last anomaly of one that inhibits it may lie: that one may be clearing. */
const clearingMs = dayMs

export async function readFacts(store: Store, incident: StoredIncident, nowMs: number): Promise<Facts> {
  const { id, pipeline, openedAt, suppressedReasons } = incident
  const own = await store.findNotifications({ incidentId: id })
  const summaries = await store.findNotifications({ pipeline, action: 'summary', sinceMs: openedAt })
  const byId = new Map([...own, ...summaries.filter(one => lists(one, incident))].map(one => [one.id, one]))
  const records = [...byId.values()].sort((a, b) => a.decidedAt - b.decidedAt)
  const reasons = [...records.map(({ reason }) => reason), ...Object.values(suppressedReasons)]
  const actions = await store.actions(pipeline, openedAt - longestSilenceMs)
  const ofPipeline = silencesOf(actions)
  const silenceIds = new Set(reasons.flatMap(silenceIdOf))
  const ofSilences = actions.filter(({ silence }) => silence !== null && silenceIds.has(silence.id))
  return {
    incident,
    found: await readFound(store, incident),
    records,
    acknowledgements: actions.filter(one => one.incidentId === id && one.action === 'acknowledge'),
    escalations: actions.filter(one => one.incidentId === id && one.action === 'escalate'),
    labels: actions.filter(one => one.incidentId === id && one.action === 'label'),
    silences: new Map(
      ofSilences.flatMap(({ action, silence }) =>
        action === 'silence' && silence !== null ? [[silence.id, silence]] : []
      )
    ),
    ofPipeline,
    lasting: ofPipeline.filter(({ endsAt }) => endsAt > nowMs),
    endings: ofSilences.filter(({ action }) => action === 'end_silence'),
    inhibitors: await readInhibitors(store, incident, new Set(reasons.flatMap(inhibitorKindOf)))
  }
}

/** Each silence at the earliest end that it was given. */
function silencesOf(actions: readonly OperatorAction[]): readonly Silence[] {
  const silences = createSilences()
  for (const action of actions) silences.add(action)
  return silences.all()
}

const lists = (
  { anomalies }: NotificationRecord,
  { kind, segment, openedAt, lastAnomalyAt }: StoredIncident
) =>
  anomalies.some(
    one =>
      one.kind === kind &&
      one.segment === segment &&
      one.windowEnd >= openedAt &&
      one.windowEnd <= lastAnomalyAt
  )

const silenceIdOf = (reason: Reason) => (reason.type === 'silenced' ? [reason.silenceId] : [])
const inhibitorKindOf = (reason: Reason) => (reason.type === 'inhibited_by' ? [reason.kind] : [])

/** Of more alerts the first are shown. */
const maxAlerts = 20

async function readFound(store: Store, incident: StoredIncident): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const alert of incident.alerts.slice(0, maxAlerts))
    found.push(...(await readFoundOf(store, incident.pipeline, alert)))
  return found.sort((a, b) => a.windowEnd - b.windowEnd)
}

async function readFoundOf(store: Store, pipeline: string, alert: Alert): Promise<readonly Finding[]> {
  const { kind, segment, openedAt, lastAnomalyAt } = alert
  const of = segment === 'all' ? kind : `${kind} of ${segment}`
  const rows = await store.anomalies({
    pipeline,
    kind,
    segment,
    endsFromMs: openedAt,
    endsToMs: lastAnomalyAt
  })
  const all = rows
    .map(row => ({
      of,
      at: Date.parse(row.detected_at),
      windowEnd: Date.parse(row.window_end),
      severity: row.severity,
      details: row.details
    }))
    .sort((a, b) => a.windowEnd - b.windowEnd || rank(b.severity) - rank(a.severity))
  return all.filter(({ severity }, at) => all.slice(0, at).every(one => isAbove(severity, one.severity)))
}

async function readInhibitors(store: Store, incident: StoredIncident, kinds: ReadonlySet<string>) {
  const inhibitors = new Map<string, StoredIncident>()
  const { id, pipeline, openedAt } = incident
  for (const kind of kinds) {
    const all = await store.findIncidents({ pipeline, kind, sinceMs: openedAt - clearingMs })
    // The latest comes first. An incident only inhibits what began with it or later.
    const inhibitor = all.find(one => one.openedAt <= openedAt && one.id !== id)
    if (inhibitor !== undefined) inhibitors.set(kind, inhibitor)
  }
  return inhibitors
}
