import { v5 } from 'uuid'
import type { Severity } from '../../detectors/types.ts'
import type { Label } from '../incident/label.ts'
import { kindsOf } from '../incident/one-cause.ts'
import type { ActionVia, OperatorAction, Silence, StoredIncident } from '../incident/types.ts'
import { anything, type Matchers } from '../routing/matchers.ts'
import { visible } from '../telemetry/visible-text.ts'

/** An action's id follows from what was asked: a repeated request is the same action. */
const namespace = '0d1c6e0e-9a0f-5d0b-8a43-5c6b7b0c7c11'

export const uuidOf = (...parts: readonly (string | number | null)[]): string =>
  v5(JSON.stringify(parts), namespace)

/** Who, how and when. */
export interface Asked {
  readonly by: string
  readonly via: ActionVia
  readonly at: number
  /** Identifies the request, so that a repeated one is recognised; not every way in has it. */
  readonly request?: string
}

const longestName = 100

/** A person's name as it is kept: on one line, of a bounded length. */
export function nameOf(text: string | undefined, without: string): string {
  const name = visible((text ?? '').trim())
  if (name === '') return without
  return name.length > longestName ? `${name.slice(0, longestName - 1).toWellFormed()}…` : name
}

/** Acknowledges an incident at the severity that the person saw. */
export function acknowledgement(
  { id: incidentId, pipeline }: Pick<StoredIncident, 'id' | 'pipeline'>,
  severity: Severity,
  { by, via, at, request = by }: Asked
): OperatorAction {
  const id = uuidOf('acknowledge', via, incidentId, severity, request)
  return { id, pipeline, action: 'acknowledge', at, by, via, incidentId, severity, silence: null }
}

/** Asks for a level of an incident's escalation, counted from 1. */
export function escalating(
  { id: incidentId, pipeline, severity }: Pick<StoredIncident, 'id' | 'pipeline' | 'severity'>,
  level: number,
  { by, via, at, request = by }: Asked
): OperatorAction {
  const id = uuidOf('escalate', via, incidentId, severity, level, request)
  return { id, pipeline, action: 'escalate', at, by, via, incidentId, severity, level, silence: null }
}

/** Says what an incident was. */
export function labelling(
  { id: incidentId, pipeline, severity }: Pick<StoredIncident, 'id' | 'pipeline' | 'severity'>,
  label: Label,
  { by, via, at, request = by }: Asked
): OperatorAction {
  const id = uuidOf('label', via, incidentId, label.verdict, request)
  return { id, pipeline, action: 'label', at, by, via, incidentId, severity, label, silence: null }
}

export type Silencing = Pick<Silence, 'matchers' | 'reason' | 'startsAt' | 'endsAt'>

export function silencing(
  pipeline: string,
  { matchers, reason, startsAt, endsAt }: Silencing,
  { by, via, at, request }: Asked
): OperatorAction {
  const name = request ?? JSON.stringify([matchers, reason, startsAt, endsAt, by])
  const silence = { id: uuidOf('silence', via, pipeline, name), matchers, by, reason, startsAt, endsAt }
  return actionOn(pipeline, 'silence', silence, { by, via, at })
}

/** A silence ends now. */
export const silenceEnding = (pipeline: string, silence: Silence, asked: Asked): OperatorAction =>
  actionOn(pipeline, 'end_silence', { ...silence, endsAt: asked.at }, asked)

const actionOn = (
  pipeline: string,
  action: 'silence' | 'end_silence',
  silence: Silence,
  { by, via, at }: Asked
): OperatorAction => {
  const id = uuidOf(action, pipeline, silence.id)
  return { id, pipeline, action, at, by, via, incidentId: null, severity: null, silence }
}

/** Everything of the kinds and segments of an incident's alerts. */
export const matchersOf = ({ pipeline, alerts }: StoredIncident): Matchers => ({
  ...anything,
  kinds: [...kindsOf(alerts)],
  segments: [...new Set(alerts.map(({ segment }) => segment))],
  pipelines: [pipeline]
})
