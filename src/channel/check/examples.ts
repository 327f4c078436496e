import { type Anomaly, type Severity, severities } from '../../../detectors/types.ts'
import type { Reason } from '../../incident/reason.ts'
import type { IncidentFacts, NotificationAction, NotificationRecord } from '../../incident/types.ts'
import { phrase, type Said } from '../../language/phrase.ts'
import { inEnglish, spoken } from '../../language/translator.ts'
import { minuteMs } from '../../time/units.ts'

const endMs = Date.UTC(2026, 0, 31, 12)
const hostile = '<!channel> "a" & \u202e\u001b[31m {x} https://evil.example \ud83d '

/** What a message may be about: as events mostly are, or as bad as they can be. */
export type Content = 'ordinary' | 'hostile' | 'long'

const ordinary: Said = [
  phrase('example.finding', {
    drop: { unit: 'share', value: 0.87 },
    expected: { unit: 'money', value: 1_850, currency: 'USD' },
    observed: { unit: 'money', value: 245, currency: 'USD' }
  })
]

const wordsOf: Readonly<Record<Content, () => string>> = {
  ordinary: () => inEnglish(ordinary),
  hostile: () => hostile,
  long: () => hostile.repeat(60)
}

export interface SpecimenOptions {
  readonly kind: string
  readonly action: NotificationAction
  readonly severity: Severity
  readonly content: Content
  readonly reason?: Reason
}

/** A notification as there may be one, for a look at what becomes of it. */
export function exampleNotification({
  kind,
  action,
  severity,
  content,
  reason = { type: 'opened' }
}: SpecimenOptions): NotificationRecord {
  const words = wordsOf[content]()
  const anomaly = anomalyOf(kind, severity, content, words)
  const isLong = content === 'long'
  return {
    id: '00000000-0000-5000-8000-000000000001',
    pipeline: isLong ? words : 'shop',
    incidentId: '00000000-0000-5000-8000-000000000002',
    receiver: 'specimen',
    action,
    kind,
    segment: anomaly.segment,
    severity,
    dedupKey: 'cartwatch-specimen',
    anomalies: action === 'summary' ? Array(isLong ? 30 : 2).fill(anomaly) : [anomaly],
    reason,
    decidedAt: endMs + 14_400_000,
    outcome: 'pending',
    attempts: 0,
    answer: '',
    updatedAt: endMs,
    incident: incidentOf(anomaly, action, words),
    recent: Array.from({ length: isLong ? 500 : 30 }, (_, at) => (at === 3 ? null : at * 10)),
    changes: Array(isLong ? 3 : 1).fill(changeOf(content === 'ordinary' ? 'checkout 4.2' : words)),
    inhibits: Array(isLong ? 50 : 1).fill(words),
    ...(content === 'ordinary' && { inhibitsSaid: [ordinary] }),
    messageRef: null,
    requestId: null,
    latencyMs: null
  }
}

const changeOf = (words: string) =>
  ({
    ...{ id: 'deploy-42', kind: 'deploy', what: words, by: words, link: 'https://ci.example.com/42' },
    at: endMs - 1_200_000
  }) as const

function anomalyOf(kind: string, severity: Severity, content: Content, words: string): Anomaly {
  const segment = content === 'ordinary' ? 'country=DE' : (`category=${words}` as const)
  const share = { segment, share: 0.97, value: 12, expected: 430 }
  return {
    id: '00000000-0000-5000-8000-000000000003',
    pipeline: 'shop',
    kind,
    metric: 'revenue',
    unit: 'money',
    additive: true,
    segment,
    severity,
    windowStart: endMs - minuteMs,
    windowEnd: endMs,
    value: content === 'hostile' ? Number.NaN : 245,
    expected: content === 'long' ? 1e300 : 1_850,
    details: words,
    ...(content === 'ordinary' && spoken(ordinary)),
    evidence: { span: '1m', words },
    explainedBy: Array(content === 'long' ? 20 : 2).fill(share),
    detectedAt: endMs + 10_000,
    configHash: ''
  }
}

function incidentOf(anomaly: Anomaly, action: NotificationAction, words: string): IncidentFacts {
  const { severity, value, expected, windowEnd, explainedBy } = anomaly
  const isOver = action === 'resolve'
  return {
    status: isOver ? 'resolved' : 'open',
    severity,
    openedAt: windowEnd - 600_000,
    lastAnomalyAt: windowEnd,
    resolvedAt: isOver ? windowEnd + 300_000 : null,
    anomalies: 11,
    peak: { value, expected, severity, windowEnd: windowEnd - 300_000 },
    loss: 16_050,
    explainedBy,
    acknowledged: action === 'acknowledge' ? { by: words, via: 'api', at: windowEnd, severity } : null,
    flapping: true
  }
}

const reasons: Readonly<Record<NotificationAction, readonly Reason[]>> = {
  trigger: [
    { type: 'opened' },
    { type: 'reminder' },
    { type: 'severity_rose' },
    { type: 'flapping' },
    { type: 'fallback', receiver: 'x' }
  ],
  acknowledge: [{ type: 'acknowledged' }],
  resolve: [{ type: 'recovered' }],
  summary: [{ type: 'catch_up' }]
}

const actions = Object.keys(reasons) as NotificationAction[]
const contents: readonly Content[] = ['ordinary', 'hostile', 'long']

/** A kind's messages as they mostly are: each action and each severity. */
export const ordinaryExamples = (kind: string): readonly NotificationRecord[] =>
  severities.map((severity, at) =>
    exampleNotification({
      kind,
      action: actions[at % actions.length] as NotificationAction,
      severity,
      content: 'ordinary'
    })
  )

/** Each action with each of its reasons and each content: what depends on the kind is its name and its advice alone. */
export const worstExamples = (kind: string): readonly NotificationRecord[] =>
  actions.flatMap(action =>
    Array.from({ length: Math.max(reasons[action].length, contents.length) }, (_, at) =>
      exampleNotification({
        kind,
        action,
        severity: severities[at % severities.length] as Severity,
        content: contents[at % contents.length] as Content,
        reason: reasons[action][at % reasons[action].length] as Reason
      })
    )
  )
