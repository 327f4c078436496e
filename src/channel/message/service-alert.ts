import { isOfService } from '../../../detectors/kind-of.ts'
import type { Anomaly, Evidence } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { formatsOf } from '../../language/formats.ts'
import type { Language } from '../../language/language.ts'
import type { Translate } from '../../language/translator.ts'
import type { Fact, MessageContext } from './facts.ts'
import { acknowledgedBy, formatMoment } from './format.ts'
import { plain, plainStart } from './text.ts'

/** The title of an open alert of another service; undefined of all others. */
export function serviceTitle(
  { kind, severity, anomalies }: NotificationRecord,
  t: Translate
): string | undefined {
  if (!isOfService(kind)) return undefined
  const name = t(`service.severity.${severity}`)
  if (kind !== 'alert') return t(`service.title.${kind}`, { severity: name })
  const summary = textOf(anomalies.at(-1)?.evidence['summary']) || t('service.title.unnamed')
  return t('service.title.alert', { severity: name, summary })
}

/** Fields by kind, by their names within the evidence. */
const fields: Readonly<Record<string, readonly string[]>> = {
  drift: ['model_name', 'model_id', 'metric'],
  policy_violation: ['model_name', 'model_id', 'violation_type'],
  safety_event: ['event_type', 'model_id'],
  alert: ['service', 'component', 'environment', 'instance', 'duration']
}

const driftFigures = ['current_value', 'baseline_value', 'threshold', 'drift_percentage'] as const

/** The fields of an alert of another service, as its users know them. */
export function serviceFacts({ kind, evidence, windowStart }: Anomaly, context: MessageContext): Fact[] {
  const { notification, renderOptions, t } = context
  const facts: Fact[] = []
  const add = (label: string, text: string | null) => {
    if (text !== null && text !== '') facts.push({ key: 'reported', label: t(label), text })
  }
  const value = (name: string) => textOf(evidence[name], renderOptions.language)
  for (const name of fields[kind] ?? []) add(`service.field.${name}`, value(name))
  add('fact.severity', t(`service.severity.${notification.severity}`))
  if (kind === 'drift')
    for (const name of driftFigures) {
      const text = value(name)
      const isShare = name === 'drift_percentage' && text !== ''
      add(`service.field.${name}`, isShare ? t('service.field.percent', { value: text }) : text)
    }
  add('fact.time', formatMoment(windowStart, renderOptions))
  add('fact.acknowledged', acknowledgedBy(notification, t))
  return facts
}

/** Passages under the figures: their heading and lines. */
export function serviceParts(
  { kind, evidence }: Anomaly,
  t: Translate
): readonly (readonly [string, readonly string[]])[] {
  const groups = textOf(evidence['affected_groups'])
  const pairsOf = (prefix: string): string[] =>
    entriesOf(evidence, prefix).map(([name, value]) =>
      t('labelled', { label: plain(name), text: textOf(value) })
    )
  return [
    ...(kind === 'policy_violation' && groups !== ''
      ? ([[t('service.part.affected_groups'), [groups]]] as const)
      : []),
    [t('service.part.metadata'), pairsOf('metadata')],
    [t('service.part.metrics'), pairsOf('metrics')],
    [t('service.part.detail'), pairsOf('detail')]
  ]
}

/** The links that the service sent: title and address. */
export const serviceLinks = ({ evidence }: Anomaly): readonly (readonly [string, string])[] =>
  entriesOf(evidence, 'link').map(([title, url]) => [plain(title), String(url)])

/** What the button to the dashboard is called, by its key; null where there is none. */
export function dashboardLabel({ kind, severity }: NotificationRecord): string | null {
  if (kind === 'policy_violation') return 'button.audit_log'
  if (kind === 'safety_event') return severity === 'critical' ? 'button.logs' : null
  return 'button.dashboard'
}

/** A critical safety event has a button that leads to its incident. */
export const needsImmediateAction = ({ kind, severity, action }: NotificationRecord): boolean =>
  kind === 'safety_event' && severity === 'critical' && action === 'trigger'

const longest = 500

const entriesOf = (evidence: Evidence, prefix: string): [string, Evidence[string]][] =>
  Object.entries(evidence).flatMap(([name, value]) =>
    name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), value]] : []
  )

/** A value as it is shown; nothing where there is none. */
function textOf(value: Evidence[string] | undefined, language: Language = 'en'): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return formatsOf(language).asSent(value)
  return plainStart(String(value), longest)
}
