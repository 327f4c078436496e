import { isOfService } from '../../../detectors/kind-of.ts'
import type { Anomaly, Evidence, Severity } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { Fact, MessageContext } from './facts.ts'
import { acknowledgedBy, formatMoment } from './format.ts'
import { plain, plainStart } from './text.ts'

/** How the users of such services know their severities. */
const serviceSeverities: Readonly<Record<Severity, string>> = {
  low: 'INFO',
  medium: 'WARNING',
  high: 'HIGH',
  critical: 'CRITICAL'
}

/** The title of an open alert of another service; undefined of all others. */
export function serviceTitle({ kind, severity, anomalies }: NotificationRecord): string | undefined {
  if (!isOfService(kind)) return undefined
  const name = serviceSeverities[severity]
  switch (kind) {
    case 'drift':
      return `Drift Alert - ${name}`
    case 'policy_violation':
      return `FAVES Violation - ${name}`
    case 'safety_event':
      return `Safety Event - ${name}`
    default:
      return `${name}: ${textOf(anomalies.at(-1)?.evidence['summary']) || 'Alert'}`
  }
}

/** Fields by kind: the label, and the name within the evidence. */
const fields: Readonly<Record<string, readonly (readonly [label: string, name: string])[]>> = {
  drift: [
    ['Model', 'model_name'],
    ['Model ID', 'model_id'],
    ['Metric', 'metric']
  ],
  policy_violation: [
    ['Model', 'model_name'],
    ['Model ID', 'model_id'],
    ['Violation Type', 'violation_type']
  ],
  safety_event: [
    ['Event Type', 'event_type'],
    ['Model ID', 'model_id']
  ],
  alert: [
    ['Service', 'service'],
    ['Component', 'component'],
    ['Environment', 'environment'],
    ['Instance', 'instance'],
    ['Duration', 'duration']
  ]
}

const driftFigures = [
  ['Current', 'current_value', ''],
  ['Baseline', 'baseline_value', ''],
  ['Threshold', 'threshold', ''],
  ['Drift', 'drift_percentage', ' %']
] as const

/** The fields of an alert of another service, as its users know them. */
export function serviceFacts({ kind, evidence, windowStart }: Anomaly, context: MessageContext): Fact[] {
  const { notification, renderOptions } = context
  const facts: Fact[] = []
  const add = (label: string, text: string | null) => {
    if (text !== null && text !== '') facts.push({ key: 'reported', label, text })
  }
  for (const [label, name] of fields[kind] ?? []) add(label, textOf(evidence[name]))
  add('Severity', serviceSeverities[notification.severity])
  if (kind === 'drift')
    for (const [label, name, unit] of driftFigures) {
      const text = textOf(evidence[name])
      add(label, text === '' ? null : `${text}${unit}`)
    }
  add('Time', formatMoment(windowStart, renderOptions))
  add('Acknowledged by', acknowledgedBy(notification))
  return facts
}

/** Passages under the figures: their heading and lines. */
export function serviceParts({ kind, evidence }: Anomaly): readonly (readonly [string, readonly string[]])[] {
  const groups = textOf(evidence['affected_groups'])
  return [
    ...(kind === 'policy_violation' && groups !== '' ? ([['Affected groups', [groups]]] as const) : []),
    ['Metadata', pairsOf(evidence, 'metadata')],
    ['Metrics', pairsOf(evidence, 'metrics')],
    ['Details', pairsOf(evidence, 'detail')]
  ]
}

/** The links that the service sent: title and address. */
export const serviceLinks = ({ evidence }: Anomaly): readonly (readonly [string, string])[] =>
  entriesOf(evidence, 'link').map(([title, url]) => [plain(title), String(url)])

/** What the button to the dashboard is called; null where there is none. */
export function dashboardLabel({ kind, severity }: NotificationRecord): string | null {
  if (kind === 'policy_violation') return 'Review Audit Log'
  if (kind === 'safety_event') return severity === 'critical' ? 'View Logs' : null
  return 'View Dashboard'
}

/** A critical safety event has a button that leads to its incident. */
export const needsImmediateAction = ({ kind, severity, action }: NotificationRecord): boolean =>
  kind === 'safety_event' && severity === 'critical' && action === 'trigger'

const longest = 500

const pairsOf = (evidence: Evidence, prefix: string): string[] =>
  entriesOf(evidence, prefix).map(([name, value]) => `${plain(name)}: ${textOf(value)}`)

const entriesOf = (evidence: Evidence, prefix: string): [string, Evidence[string]][] =>
  Object.entries(evidence).flatMap(([name, value]) =>
    name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), value]] : []
  )

/** A value as it is shown; nothing where there is none. */
const textOf = (value: Evidence[string] | undefined): string =>
  value === null || value === undefined ? '' : plainStart(String(value), longest)
