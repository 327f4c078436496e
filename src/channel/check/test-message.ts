import { v4 } from 'uuid'
import type { Severity } from '../../../detectors/types.ts'
import type { Chart } from '../../incident/chart.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { phrase } from '../../language/phrase.ts'
import { spoken } from '../../language/translator.ts'
import { minuteMs } from '../../time/units.ts'
import { exampleNotification } from './examples.ts'

export const testStyles = ['opened', 'reminder', 'acknowledged', 'resolved'] as const
export type TestStyle = (typeof testStyles)[number]

export interface TestMessageOptions {
  readonly kind: string
  readonly severity: Severity
  readonly pipeline: string
  readonly receiver: string
  readonly nowMs: number
}

/** An hour as expected, and then the drop that the message tells of. */
function exampleChart(endMs: number): Chart {
  const lengthOf = { hour: 60, drop: 5 }
  const points = Array.from({ length: lengthOf.hour }, (_, at) => {
    const isDrop = at >= lengthOf.hour - lengthOf.drop
    const value = isDrop ? 245 : 1_850 + 150 * Math.sin(at)
    return {
      start: endMs - (lengthOf.hour - at) * minuteMs,
      value,
      expected: 1_850,
      lower: 1_200,
      upper: 2_500
    }
  })
  return { windowMs: minuteMs, points }
}

const actions = {
  opened: 'trigger',
  reminder: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve'
} as const

/**
 * Messages of one made-up incident by their style. Each call makes another incident: a page of an earlier test may still
 * be open.
 */
export function createTestMessages({ kind, severity, pipeline, receiver, nowMs }: TestMessageOptions) {
  const own = { pipeline, segment: 'all' as const }
  const incidentId = v4()
  const windowStart = nowMs - (nowMs % minuteMs) - minuteMs
  const windowEnd = windowStart + minuteMs
  const found = {
    windowStart,
    windowEnd,
    detectedAt: nowMs,
    evidence: {},
    explainedBy: []
  }
  return function messageOf(style: TestStyle): NotificationRecord {
    // The title of a reminder does not say that it is a test.
    const sentence = spoken([
      ...(style === 'reminder' ? [phrase('test_message.nothing_wrong')] : []),
      phrase('test_message.looks_like')
    ])
    const example = exampleNotification({
      kind,
      action: actions[style],
      severity,
      content: 'ordinary',
      // A reminder is known by its reason alone.
      reason: { type: style === 'reminder' ? 'reminder' : 'test' }
    })
    const isOver = style === 'resolved'
    const isLater = isOver || style === 'acknowledged'
    return {
      ...example,
      ...own,
      id: v4(),
      incidentId,
      receiver,
      dedupKey: `cartwatch-test-${incidentId}`,
      decidedAt: nowMs,
      updatedAt: nowMs,
      anomalies: example.anomalies.map(anomaly => ({
        ...anomaly,
        ...own,
        ...found,
        ...sentence,
        id: incidentId
      })),
      // Of an open incident a message would offer to acknowledge it, and there is none.
      incident:
        isLater && example.incident
          ? {
              ...example.incident,
              openedAt: windowEnd - 10 * minuteMs,
              lastAnomalyAt: windowEnd,
              resolvedAt: isOver ? nowMs : null,
              peak: { ...example.incident.peak, windowEnd },
              explainedBy: [],
              acknowledged: isOver ? null : { by: 'cartwatch', via: 'cli', at: nowMs, severity },
              flapping: false
            }
          : null,
      recent: [],
      ...(style === 'opened' && { chart: exampleChart(windowEnd) }),
      inhibits: []
    }
  }
}
