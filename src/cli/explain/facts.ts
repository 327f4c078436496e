import type { Severity } from '../../../detectors/types.ts'
import { rank } from '../../incident/severity.ts'
import type { NotificationRecord, OperatorAction, Silence, StoredIncident } from '../../incident/types.ts'
import type { Store } from '../../store/types.ts'
import { dayMs } from '../../time/units.ts'

/** A finding of the incident: where it is graver than those before it. */
export interface Found {
  /** When it was detected. */
  readonly at: number
  readonly windowEnd: number
  readonly severity: Severity
  readonly details: string
}

/** All that is stored of one incident. */
export interface Facts {
  readonly incident: StoredIncident
  /** The first finding, and each that is graver than all before it, in the order of their windows. */
  readonly found: readonly Found[]
  /** In the order of their decisions, with the summaries that tell of it. */
  readonly records: readonly NotificationRecord[]
  /** Acknowledgements of it, in the order of their time. */
  readonly acknowledgements: readonly OperatorAction[]
  /** Silences that muted it, by id. */
  readonly silences: ReadonlyMap<string, Silence>
  /** When silences that muted it were ended by hand, by id. */
  readonly endings: readonly OperatorAction[]
  /** The incidents that explained it, by kind. */
  readonly causes: ReadonlyMap<string, StoredIncident>
}

/** A silence may have been made so long before what it mutes. */
const silenceReachMs = 31 * dayMs
/** A cause may be clearing, its last anomaly so long ago. */
const causeReachMs = dayMs

export async function readFacts(store: Store, incident: StoredIncident): Promise<Facts> {
  const { id, pipeline, openedAt } = incident
  const own = await store.findNotifications({ incidentId: id })
  const summaries = await store.findNotifications({ pipeline, action: 'summary', sinceMs: openedAt })
  const told = new Map([...own, ...summaries.filter(one => tellsOf(one, incident))].map(one => [one.id, one]))
  const records = [...told.values()].sort((a, b) => a.decidedAt - b.decidedAt)
  const actions = await store.actions(pipeline, openedAt - silenceReachMs)
  const muting = new Set(mutesOf(records, incident, 'silenced:'))
  const ofMuting = actions.filter(({ silence }) => silence !== null && muting.has(silence.id))
  return {
    incident,
    found: await readFound(store, incident),
    records,
    acknowledgements: actions.filter(({ incidentId }) => incidentId === id),
    silences: new Map(
      ofMuting.flatMap(({ action, silence }) =>
        action === 'silence' && silence !== null ? [[silence.id, silence]] : []
      )
    ),
    endings: ofMuting.filter(({ action }) => action === 'end_silence'),
    causes: await readCauses(store, incident, mutesOf(records, incident, 'explained_by:'))
  }
}

const tellsOf = (
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

/** What stands behind a prefix in the reasons for which somebody was not told. */
function mutesOf(
  records: readonly NotificationRecord[],
  { suppressedReasons }: StoredIncident,
  prefix: string
): readonly string[] {
  const reasons = [...records.map(({ reason }) => reason), ...Object.values(suppressedReasons)]
  return reasons.filter(reason => reason.startsWith(prefix)).map(reason => reason.slice(prefix.length))
}

async function readFound(store: Store, incident: StoredIncident): Promise<readonly Found[]> {
  const { pipeline, kind, segment, openedAt, lastAnomalyAt } = incident
  const rows = await store.anomalies({
    pipeline,
    kind,
    segment,
    endsFromMs: openedAt,
    endsToMs: lastAnomalyAt
  })
  const all = rows
    .map(row => ({
      at: Date.parse(row.detected_at),
      windowEnd: Date.parse(row.window_end),
      severity: row.severity,
      details: row.details
    }))
    .sort((a, b) => a.windowEnd - b.windowEnd || rank(b.severity) - rank(a.severity))
  return all.filter(({ severity }, at) => all.slice(0, at).every(one => rank(severity) > rank(one.severity)))
}

async function readCauses(store: Store, incident: StoredIncident, kinds: readonly string[]) {
  const causes = new Map<string, StoredIncident>()
  const { id, pipeline, openedAt } = incident
  for (const kind of new Set(kinds)) {
    const all = await store.findIncidents({ pipeline, kind, sinceMs: openedAt - causeReachMs })
    // The latest comes first. A cause began no later than what it explains.
    const cause = all.find(one => one.openedAt <= openedAt && one.id !== id)
    if (cause !== undefined) causes.set(kind, cause)
  }
  return causes
}
