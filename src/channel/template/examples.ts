import { isOfService } from '../../../detectors/kind-of.ts'
import type { Anomaly, Severity } from '../../../detectors/types.ts'
import type { Reason } from '../../incident/reason.ts'
import type { NotificationAction, NotificationRecord } from '../../incident/types.ts'
import { english } from '../../language/translator.ts'
import { type Content, exampleNotification } from '../check/examples.ts'

/** What templates are told apart by: the message of an action, and the two that are triggers again. */
export const exampleActions = [
  'trigger',
  'reminder',
  'escalation',
  'acknowledge',
  'resolve',
  'summary'
] as const
export type ExampleAction = (typeof exampleActions)[number]

/** `bare` has nothing that may be missing. */
export type ExampleContent = Content | 'bare'

const told: Readonly<
  Record<ExampleAction, { readonly action: NotificationAction; readonly reason: Reason }>
> = {
  trigger: { action: 'trigger', reason: { type: 'opened' } },
  reminder: { action: 'trigger', reason: { type: 'reminder' } },
  escalation: { action: 'trigger', reason: { type: 'escalated', level: 2 } },
  acknowledge: { action: 'acknowledge', reason: { type: 'acknowledged' } },
  resolve: { action: 'resolve', reason: { type: 'recovered' } },
  summary: { action: 'summary', reason: { type: 'catch_up' } }
}

export interface ExampleOptions {
  readonly kind: string
  readonly action: ExampleAction
  readonly severity: Severity
  readonly content: ExampleContent
}

/** A message as a template may get it, with everything that a message can have, or with nothing of it. */
export function templateExample({ kind, action, severity, content }: ExampleOptions): NotificationRecord {
  if (kind === 'report') return reportExample(content)
  const isBare = content === 'bare'
  const own = { kind, severity, ...told[action], content: isBare ? 'ordinary' : content } as const
  const example = exampleNotification(own)
  const words = example.anomalies.at(-1)?.details ?? ''
  const anomalies = example.anomalies.map(anomaly => ({
    ...anomaly,
    ...(isBare && { explainedBy: [] }),
    evidence: { ...anomaly.evidence, ...(isOfService(kind) && !isBare && serviceEvidence(words)) },
    ...(isOfService(kind) && { unit: 'number' as const, labels: { team: words } })
  }))
  if (isBare) return { ...example, anomalies, incident: null, recent: [], inhibits: [] }
  return {
    ...example,
    anomalies: action === 'summary' ? anomalies : [...symptomsOf(anomalies), ...anomalies],
    incident: example.incident && {
      ...example.incident,
      cause: causeOf(content === 'ordinary' ? english('cause.payment_or_checkout.text') : words)
    },
    ...(action === 'escalation' && { escalated: { level: 2, levels: 3, by: words, mention: ['here'] } })
  }
}

/** As an incident has it: with its English texts. */
const causeOf = (text: string) => ({
  id: 'payment_or_checkout',
  title: english('cause.payment_or_checkout.title'),
  text
})

const symptomsOf = (anomalies: readonly Anomaly[]): Anomaly[] =>
  anomalies.slice(0, 1).map(anomaly => ({ ...anomaly, kind: 'conversion_drop', metric: 'conversion_rate' }))

const serviceEvidence = (words: string) => ({
  ...{ model_id: 'm1', model_name: words, metric: 'psi', current_value: 0.35, baseline_value: 0.1 },
  ...{ threshold: 0.2, drift_percentage: 250, violation_type: words, affected_groups: words },
  ...{ event_type: words, summary: words, service: words, component: words, environment: 'prod' },
  ...{ instance: words, duration: '5m', 'detail.note': words, 'metadata.user': words, 'metrics.cpu': 0.9 },
  'link.Logs': 'https://logs.example/m1'
})

function reportExample(content: ExampleContent): NotificationRecord {
  const shown = content === 'bare' ? 'ordinary' : content
  const example = exampleNotification({
    ...{ kind: 'report', action: 'summary', severity: 'low', content: shown },
    reason: { type: 'report' }
  })
  const words = example.anomalies.at(-1)?.details ?? ''
  const sections = [{ heading: 'Monday', lines: [words, words] }]
  return {
    ...example,
    ...{ anomalies: [], incident: null, recent: [], inhibits: [] },
    report: { name: 'daily', date: '2026-01-30', title: words, sections: content === 'bare' ? [] : sections }
  }
}
