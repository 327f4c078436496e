import { createDetection } from '../../detectors/detection.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createDecisions } from '../../src/decide/decision.ts'
import { type CauseMessages, countMessages } from '../../src/demo/messages-per-cause.ts'
import { type Score, type ScoredAnomaly, type ScoredLabel, scoreAnomalies } from '../../src/demo/score.ts'
import { createIncidents } from '../../src/incident/incidents.ts'
import type { NotificationRecord, StoredIncident } from '../../src/incident/types.ts'
import { incidentsSettingsOf } from '../../src/run/assembly/routes.ts'
import { detectorDefaults } from '../support/detector-defaults.ts'
import type { Stream } from './streams.ts'
import { windowMetricsOf } from './window-metrics.ts'

export interface Measured {
  readonly score: Score
  readonly anomalies: readonly ScoredAnomaly[]
  readonly falseAlarmsAWeek: number
}

/** Also with what the receivers got of each incident. */
export interface MeasuredAlerting extends Measured {
  readonly causes: readonly CauseMessages[]
}

/** Runs the shipped detectors over a stream and scores what they find. */
export function measureStream(stream: Stream): Measured {
  const detection = detectionOf(stream)
  const anomalies: ScoredAnomaly[] = []
  for (const totals of stream.minutes) anomalies.push(...detection.judge(windowMetricsOf(totals)).findings)
  return scored(anomalies, stream)
}

/** The same, and decides on messages as for a webhook and a bot that get everything, and a pager for what is critical. */
export function measureAlerting(stream: Stream): MeasuredAlerting {
  const detection = detectionOf(stream)
  const { config, hash } = loaded()
  const { pipeline } = config
  const memory = { incidents: async () => [], notifications: async () => [], actions: async () => [] }
  const decisions = createDecisions({
    pipeline,
    configHash: hash,
    incidents: createIncidents({ pipeline, memory, ...incidentsSettingsOf(config) }),
    detectedBefore: new Map()
  })
  const anomalies: ScoredAnomaly[] = []
  const incidents = new Map<string, StoredIncident>()
  const notifications: NotificationRecord[] = []
  for (const totals of stream.minutes) {
    const window = windowMetricsOf(totals)
    const decision = decisions.ofWindow(detection, window, window.end + config.windows.graceMs)
    anomalies.push(...decision.anomalies)
    notifications.push(...decision.notifications)
    for (const incident of decision.incidents) incidents.set(incident.id, incident)
  }
  const causes = countMessages(stream.labels, [...incidents.values()], notifications, {
    webhook: 'webhook',
    bot: 'bot'
  })
  return { ...scored(anomalies, stream), causes }
}

const detectionOf = ({ timezone }: Stream) =>
  createDetection({ detectors: detectorDefaults, windowMs: 60_000, timezone, currency: 'USD' })

function scored(
  anomalies: readonly ScoredAnomaly[],
  { labels, days }: { readonly labels: readonly ScoredLabel[]; readonly days: number }
): Measured {
  const score = scoreAnomalies(anomalies, labels)
  return { score, anomalies, falseAlarmsAWeek: (score.falseAlarms.length * 7) / days }
}

/** Decided for these, and not sent. */
const receivers = `
alerts: off
receivers:
  webhook: { type: slack, webhook_url: 'https://hooks.slack.com/services/A' }
  bot: { type: slack, bot_token: xoxb-1, channel: '#shop' }
  pager: { type: pagerduty, integration_key: ${'k'.repeat(32)} }
routes:
  - { match: { severity: critical }, receiver: pager, continue: true }
  - default: [webhook, bot]
`

function loaded() {
  const found = loadConfig({ path: 'measured', env: {}, readFile: () => receivers })
  if (!found.ok) throw new Error(found.errors.map(({ message }) => message).join('\n'))
  return found
}
