import type { Anomaly, Severity, Verdict } from '../../detectors/types.ts'
import type { RenderOptions } from '../../src/channel/types.ts'
import type { DeliveryRules } from '../../src/delivery/types.ts'
import type { Alert } from '../../src/incident/alert.ts'
import type { IncidentRules } from '../../src/incident/incident-manager.ts'
import { createIncidents } from '../../src/incident/incidents.ts'
import { formatReason } from '../../src/incident/reason.ts'
import type {
  Escalation,
  NotificationRecord,
  OperatorAction,
  StoredIncident
} from '../../src/incident/types.ts'
import { anything } from '../../src/routing/matchers.ts'
import type { PagerDutySettings, ReceiverSettings, SlackWebhookSettings } from '../../src/routing/receiver.ts'
import type { Route, RoutingContext } from '../../src/routing/router.ts'

export const minuteMs = 60_000
/** Window times of tests count from here: 2026-11-21T10:00Z. */
export const epoch = Date.UTC(2026, 10, 21, 10)

export function anomalyAt(minute: number, overrides: Partial<Anomaly> = {}): Anomaly {
  const windowEnd = epoch + minute * minuteMs
  const kind = overrides.kind ?? 'revenue_drop'
  const segment = overrides.segment ?? 'all'
  return {
    id: `${kind}/${segment}/${minute}`,
    pipeline: 'shop',
    kind,
    metric: 'revenue',
    unit: 'money',
    additive: true,
    segment,
    severity: 'high',
    windowStart: windowEnd - minuteMs,
    windowEnd,
    value: 245,
    expected: 1_850,
    details: 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.',
    explainedBy: [],
    evidence: { span: '1m', sample: 12 },
    detectedAt: windowEnd + 10_000,
    configHash: 'abc',
    ...overrides
  }
}

export function recordOf(overrides: Partial<NotificationRecord> = {}): NotificationRecord {
  return {
    id: '11111111-1111-5111-8111-111111111111',
    pipeline: 'shop',
    incidentId: '22222222-2222-5222-8222-222222222222',
    receiver: 'slack',
    action: 'trigger',
    kind: 'revenue_drop',
    segment: 'all',
    severity: 'high',
    dedupKey: null,
    anomalies: [anomalyAt(1)],
    reason: { type: 'opened' },
    decidedAt: epoch,
    outcome: 'pending',
    attempts: 0,
    answer: '',
    updatedAt: epoch,
    incident: null,
    recent: [],
    inhibits: [],
    messageRef: null,
    requestId: null,
    latencyMs: null,
    ...overrides
  }
}

/** An incident of one alert; what is overridden holds for both. */
export function incidentOf(overrides: Partial<StoredIncident> = {}): StoredIncident {
  const lastAnomaly = overrides.lastAnomaly ?? anomalyAt(1)
  const { value, expected, severity, windowEnd, kind, segment } = lastAnomaly
  const alert: Alert = {
    id: 'i',
    kind,
    segment,
    status: 'open',
    severity,
    openedAt: windowEnd,
    lastAnomalyAt: windowEnd,
    resolvedAt: null,
    lastWindowEnd: windowEnd,
    lastAnomaly,
    clearWindows: 0,
    lastClearAt: null,
    anomalies: 1,
    peak: { value, expected, severity, windowEnd },
    loss: null,
    explainedBy: [],
    flapping: false,
    openings: [windowEnd]
  }
  const { openings: _, ...facts } = alert
  const own = Object.keys(alert).filter(key => key in overrides)
  const ofAlert: Partial<Alert> = Object.fromEntries(
    own.map(key => [key, overrides[key as keyof StoredIncident]])
  )
  return {
    ...facts,
    pipeline: 'shop',
    alerts: [{ ...alert, ...ofAlert }],
    lastNotified: {},
    suppressedReasons: {},
    silencedBy: null,
    pages: 1,
    dedupKey: null,
    dedupReceivers: [],
    acknowledged: null,
    ...overrides
  }
}

/** An escalation that counts, with no level taken. */
export const escalationOf = (overrides: Partial<Escalation> = {}): Escalation => ({
  policy: 'on-call',
  levels: 3,
  severity: 'high',
  since: epoch,
  taken: [],
  receivers: [],
  asked: [],
  ...overrides
})

/** What messages of tests have in common. */
export const renderOptionsOf = (overrides: Partial<RenderOptions> = {}): RenderOptions => ({
  currency: 'USD',
  timezone: 'UTC',
  dashboardTemplate: null,
  runbooks: new Map(),
  incidentUrl: () => null,
  interactive: false,
  ...overrides
})

/** A minute's verdict: `l`, `m`, `h`, `c` found at that severity, `.` judged and clear, `?` not judged. */
export type Sign = 'l' | 'm' | 'h' | 'c' | '.' | '?'
const severityOf: Readonly<Record<string, Severity>> = { l: 'low', m: 'medium', h: 'high', c: 'critical' }

export const minuteOf = (minute: number, sign: Sign, kind = 'revenue_drop') =>
  minuteOfKinds(minute, { [kind]: sign })

/** The same of several kinds. */
export function minuteOfKinds(minute: number, signs: Readonly<Record<string, Sign>>) {
  const windowEnd = epoch + minute * minuteMs
  const anomalies = Object.entries(signs).flatMap(([kind, sign]) => {
    const severity = severityOf[sign]
    return severity ? [anomalyAt(minute, { severity, kind })] : []
  })
  const verdict: Verdict = {
    windowStart: windowEnd - minuteMs,
    windowEnd,
    findings: anomalies,
    judged: Object.entries(signs).flatMap(([kind, sign]) => (sign === '?' ? [] : [kind]))
  }
  return { verdict, anomalies, windowEnd }
}

export const deliveryRules: DeliveryRules = {
  rate: { perSecond: 1, burst: 5 },
  ratePerKey: 10,
  breaker: { failures: 5, pauseMs: 60_000 },
  retryEveryMs: 60_000,
  expireAfterMs: 86_400_000
}

export const rules: IncidentRules = {
  repeatAfterMs: 15 * minuteMs,
  resolveAfter: 5,
  groupWithinMs: null,
  catchUpAfterMs: 15 * minuteMs,
  remindAfterMs: null,
  flapping: { openings: 3, withinWindows: 60 },
  inhibit: true,
  serviceResolveAfterMs: 240 * minuteMs
}

export const slackAt = (webhookUrl: string, sendResolved = false): SlackWebhookSettings => ({
  type: 'slack',
  webhookUrl,
  channel: null,
  username: null,
  icon: null,
  sendResolved,
  fallback: null
})
export const pagerWith = (integrationKey: string): PagerDutySettings => ({
  type: 'pagerduty',
  url: 'https://events.pagerduty.com',
  integrationKey,
  sendResolved: true,
  fallback: null
})

export const receivers: ReadonlyMap<string, ReceiverSettings> = new Map<string, ReceiverSettings>([
  ['slack', slackAt('https://hooks.slack.com/services/A')],
  ['pagerduty', pagerWith('k'.repeat(32))]
])

export const routeTo = (receivers: string | readonly string[], more: Partial<Route> = {}): Route => ({
  match: anything,
  when: [],
  receivers: [receivers].flat(),
  continues: false,
  ...more
})
export const toBoth: readonly Route[] = [routeTo('pagerduty', { continues: true }), routeTo('slack')]

/** No labels and no intervals. */
export const plainContext: RoutingContext = {
  pipeline: 'shop',
  labels: {},
  labelsOfKinds: new Map(),
  intervals: new Map()
}

/** What is stored, as the store keeps it: the latest of each. */
export function createMemory() {
  const incidents = new Map<string, StoredIncident>()
  const notifications = new Map<string, NotificationRecord>()
  const actions: OperatorAction[] = []
  return {
    incidents: async () => [...incidents.values()],
    notifications: async () => [...notifications.values()],
    actions: async () => actions,
    putAction: (action: OperatorAction) => void actions.push(action),
    putIncidents(list: readonly StoredIncident[]) {
      for (const incident of list) incidents.set(incident.id, incident)
    },
    putNotifications(list: readonly NotificationRecord[]) {
      for (const record of list) notifications.set(record.id, record)
    },
    clear() {
      incidents.clear()
      notifications.clear()
      actions.length = 0
    }
  }
}
export type Memory = ReturnType<typeof createMemory>

export function alertingOn(
  memory: Memory,
  routes = toBoth,
  sending = true,
  all = receivers,
  more: Partial<IncidentRules> = {},
  context: RoutingContext = plainContext
) {
  return createIncidents({
    pipeline: 'shop',
    rules: { ...rules, ...more },
    routes,
    receivers: all,
    context,
    sending,
    memory
  })
}

/** One line a notification, without what is random or long. */
export function lineOf(record: NotificationRecord): string {
  const { receiver, action, severity, reason } = record
  return `${receiver} ${action} ${severity} ${formatReason(reason)}`
}
