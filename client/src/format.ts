import type {
  Alert,
  DriftAlert,
  Link,
  Pairs,
  PolicyViolation,
  SafetyEvent,
  ServiceAlert,
  Severity
} from './alerts.ts'

/** A message as Slack's webhooks take it. */
export interface SlackMessage {
  readonly text: string
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly object[] }[]
  readonly channel?: string
  readonly username?: string
}

const colors: Readonly<Record<Severity, string>> = {
  info: '#36a64f',
  low: '#36a64f',
  warning: '#ff9800',
  medium: '#ff9800',
  high: '#ff9800',
  critical: '#d32f2f'
}
const names: Readonly<Record<Severity, string>> = {
  info: 'INFO',
  low: 'INFO',
  warning: 'WARNING',
  medium: 'WARNING',
  high: 'HIGH',
  critical: 'CRITICAL'
}

export const formatDrift = (alert: DriftAlert): SlackMessage =>
  messageOf(alert, `Drift Alert - ${names[alert.severity]}`, {
    fields: [
      ['Model', alert.model_name ?? alert.model_id],
      ['Model ID', alert.model_id],
      ['Metric', alert.metric],
      ['Severity', names[alert.severity]],
      ['Current', alert.current_value],
      ['Baseline', alert.baseline_value],
      ['Threshold', alert.threshold],
      ['Drift', alert.drift_percentage === undefined ? undefined : `${alert.drift_percentage} %`]
    ],
    sections: []
  })

export const formatPolicyViolation = (alert: PolicyViolation): SlackMessage =>
  messageOf(alert, `FAVES Violation - ${names[alert.severity]}`, {
    fields: [
      ['Model', alert.model_name ?? alert.model_id],
      ['Model ID', alert.model_id],
      ['Violation Type', alert.violation_type],
      ['Severity', names[alert.severity]]
    ],
    sections: [
      ['', alert.description],
      ['Affected groups', (alert.affected_groups ?? []).join(', ')]
    ]
  })

export const formatSafetyEvent = (alert: SafetyEvent): SlackMessage =>
  messageOf(alert, `Safety Event - ${names[alert.severity]}`, {
    fields: [
      ['Event Type', alert.event_type],
      ['Model ID', alert.model_id],
      ['Severity', names[alert.severity]]
    ],
    sections: [
      ['', alert.description],
      ['Metadata', linesOf(alert.metadata)]
    ]
  })

export const formatAlert = (alert: ServiceAlert): SlackMessage =>
  messageOf(
    { ...alert, links: [...(alert.links ?? []), ...(alert.quick_actions ?? [])] },
    `${names[alert.severity]}: ${alert.summary}`,
    {
      fields: [
        ['Service', alert.service],
        ['Component', alert.component],
        ['Environment', alert.environment],
        ['Instance', alert.instance],
        ['Duration', alert.duration],
        ['Severity', names[alert.severity]]
      ],
      sections: [
        ['', alert.description ?? ''],
        ['Metrics', linesOf(alert.metrics)]
      ]
    }
  )

/** The message of an alert of any kind. */
export function format(alert: Alert): SlackMessage {
  switch (alert.kind) {
    case 'drift':
      return formatDrift(alert)
    case 'policy_violation':
      return formatPolicyViolation(alert)
    case 'safety_event':
      return formatSafetyEvent(alert)
    case 'alert':
      return formatAlert(alert)
  }
}

interface Body {
  readonly fields: readonly (readonly [label: string, value: string | number | undefined])[]
  /** Heading and text; those without a text are left out. */
  readonly sections: readonly (readonly [heading: string, text: string])[]
}
interface Framed {
  readonly severity: Severity
  readonly status?: 'firing' | 'resolved'
  readonly timestamp?: string
  readonly details?: Pairs
  readonly links?: readonly Link[]
}

function messageOf(alert: Framed, title: string, { fields, sections }: Body): SlackMessage {
  const header = `${alert.status === 'resolved' ? 'Resolved: ' : ''}${title}`
  const shown = fields.flatMap(([label, value]) =>
    value === undefined || value === ''
      ? []
      : [{ type: 'mrkdwn', text: `*${label}*\n${escaped(String(value))}` }]
  )
  const texts = [...sections, ['Details', linesOf(alert.details)] as const].filter(([, text]) => text !== '')
  const buttons = (alert.links ?? []).slice(0, 5).map(({ title: text, url }) => ({
    type: 'button',
    text: plain(text.slice(0, 75)),
    url
  }))
  const blocks = [
    { type: 'header', text: plain(header.slice(0, 150)) },
    { type: 'section', fields: shown.slice(0, 10) },
    ...texts.map(([heading, text]) => ({
      type: 'section',
      text: plain(`${heading === '' ? '' : `${heading}\n`}${text}`.slice(0, 3_000))
    })),
    ...(alert.timestamp ? [{ type: 'context', elements: [plain(alert.timestamp)] }] : []),
    ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : [])
  ]
  const color = alert.status === 'resolved' ? '#36a64f' : colors[alert.severity]
  return { text: escaped(header), attachments: [{ color, blocks }] }
}

const linesOf = (pairs: Pairs = {}): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })

/** Nothing in a text can mention, link or format. */
const escaped = (text: string): string =>
  text.slice(0, 2_000).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
