import { moreSevere, rank } from '../../detectors/rules/severity.ts'
import type { Finding, Severity } from '../../detectors/types.ts'
import { minuteMs } from '../time/units.ts'
import { fittingKinds, harmlessKinds } from './fitting.ts'

/** What is scored of an anomaly; times in milliseconds since the epoch. */
export type ScoredAnomaly = Pick<Finding, 'kind' | 'severity' | 'windowStart' | 'windowEnd'>

/** An incident of the stream in [startMs, endMs). */
export interface ScoredLabel {
  readonly kind: string
  readonly startMs: number
  readonly endMs: number
}

/** Anomalies of one kind with less than 30 minutes between them. */
export interface Episode extends ScoredLabel {
  /** That of its most severe anomaly. */
  readonly severity: Severity
}

export interface IncidentScore<Label extends ScoredLabel = ScoredLabel> {
  readonly label: Label
  /** The kind that found it first, undefined where it was missed. */
  readonly foundBy: string | undefined
  /** The end of the finding's window minus the start of the incident. */
  readonly delayMs: number | undefined
  /** Every kind that was raised while it lasted or in the 10 minutes after. */
  readonly kinds: readonly string[]
  /** Those among them that neither fit the incident nor may be caused by it. */
  readonly unfitting: readonly string[]
}

export interface Score<Label extends ScoredLabel = ScoredLabel> {
  /** In the order of the labels, without the harmless ones. */
  readonly incidents: readonly IncidentScore<Label>[]
  /** Episodes that touch no incident, in order of their start. */
  readonly falseAlarms: readonly Episode[]
}

const joinGapMs = 30 * minuteMs
const afterMs = 10 * minuteMs

/** Compares anomalies with the incidents of the stream. Those of low severity neither find nor alarm. */
export function scoreAnomalies<Label extends ScoredLabel>(
  anomalies: readonly ScoredAnomaly[],
  labels: readonly Label[]
): Score<Label> {
  const raised = anomalies
    .filter(({ severity }) => rank(severity) >= rank('medium'))
    .sort((a, b) => a.windowEnd - b.windowEnd || a.windowStart - b.windowStart)
  const incidents = labels.filter(({ kind }) => !harmlessKinds.has(kind))
  return {
    incidents: incidents.map(label => scoreIncident(label, incidents, raised)),
    falseAlarms: episodesOf(raised).filter(
      ({ startMs, endMs }) => !incidents.some(label => touches(label, startMs, endMs))
    )
  }
}

/** Joins the anomalies of each kind into episodes, in order of their start. */
export function episodesOf(anomalies: readonly ScoredAnomaly[]): readonly Episode[] {
  const episodes: Episode[] = []
  const open = new Map<string, Episode>()
  for (const { kind, severity, windowStart, windowEnd } of [...anomalies].sort(
    (a, b) => a.windowStart - b.windowStart
  )) {
    const last = open.get(kind)
    if (last && windowStart - last.endMs < joinGapMs) {
      open.set(kind, {
        ...last,
        severity: moreSevere(last.severity, severity),
        endMs: Math.max(last.endMs, windowEnd)
      })
      continue
    }
    if (last) episodes.push(last)
    open.set(kind, { kind, severity, startMs: windowStart, endMs: windowEnd })
  }
  return [...episodes, ...open.values()].sort((a, b) => a.startMs - b.startMs)
}

function scoreIncident<Label extends ScoredLabel>(
  label: Label,
  incidents: readonly ScoredLabel[],
  raised: readonly ScoredAnomaly[]
): IncidentScore<Label> {
  const fitting = fittingKinds[label.kind] ?? { finds: [], mayCause: [], named: [] }
  const finding = raised.find(
    anomaly =>
      anomaly.windowEnd > label.startMs &&
      anomaly.windowEnd <= label.endMs + afterMs &&
      fitting.finds.includes(anomaly.kind) &&
      creditedTo(anomaly, incidents) === label
  )
  // By when it was raised: a long span that is raised in the next incident reaches back into this one.
  const around = raised.filter(
    ({ windowEnd }) => windowEnd > label.startMs && windowEnd <= label.endMs + afterMs
  )
  const kinds = [...new Set(around.map(({ kind }) => kind))]
  return {
    label,
    foundBy: finding?.kind,
    delayMs: finding && finding.windowEnd - label.startMs,
    kinds,
    unfitting: kinds.filter(kind => !fitting.finds.includes(kind) && !fitting.mayCause.includes(kind))
  }
}

/**
 * The incident that a finding speaks of: of those that its kind fits, the one that fills most of its span, so that
 * the echo of an incident in a long span does not find the next one.
 */
function creditedTo(anomaly: ScoredAnomaly, incidents: readonly ScoredLabel[]): ScoredLabel | undefined {
  let credited: ScoredLabel | undefined
  let mostMs = Number.NEGATIVE_INFINITY
  for (const label of incidents) {
    if (!fittingKinds[label.kind]?.finds.includes(anomaly.kind)) continue
    const overlapMs = Math.min(anomaly.windowEnd, label.endMs) - Math.max(anomaly.windowStart, label.startMs)
    if (overlapMs >= mostMs) {
      credited = label
      mostMs = overlapMs
    }
  }
  return credited
}

function touches({ startMs, endMs }: ScoredLabel, fromMs: number, toMs: number): boolean {
  return toMs >= startMs && fromMs <= endMs + afterMs
}
