import type { DetectorsOptions } from './types.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const spans = [1, 2, 3, 5, 10, 15, 30, 60]
const shared = { enabled: true, spans, minWindows: 2, improbable: 1e-5 }

/** The shipped defaults: the configuration's schema, the tests and the documentation all start from these. */
export const detectorDefaults: DetectorsOptions = {
  baseline: {
    warmupMs: 45 * minuteMs,
    levelSpread: 0.1,
    rateSpread: 0.06,
    leastLevelSpread: 0.04,
    excludeMs: 6 * hourMs,
    suspectMs: hourMs,
    days: 21,
    pooledMs: 30 * minuteMs,
    usualSpread: 0.15,
    dayStep: 0.15,
    levelMemoryMs: 4 * hourMs,
    wanderPerHour: 0.14,
    rateWanderPerHour: 0.04,
    slopePerHour: 0.45,
    slopeMemoryMs: 2 * hourMs,
    memoryMs: 3 * dayMs
  },
  revenueDrop: { ...shared, drop: 0.3, severity: 'high', raiseDrop: [{ severity: 'critical', from: 0.5 }] },
  trafficSpike: {
    ...shared,
    minWindows: 3,
    zScore: 3,
    leastRise: 0.3,
    severity: 'medium',
    raiseZScore: [{ severity: 'high', from: 4 }],
    goodDayShare: 0.4,
    goodDaySeverity: 'low'
  },
  trafficDrop: {
    ...shared,
    zScore: 3,
    leastDrop: 0.3,
    severity: 'medium',
    raiseZScore: [{ severity: 'high', from: 4 }],
    raiseDrop: [{ severity: 'critical', from: 0.8 }]
  },
  cartAbandonmentSpike: {
    ...shared,
    zScore: 2.5,
    above: 0.7,
    points: 0.1,
    severity: 'medium',
    raiseRate: [{ severity: 'high', from: 0.8 }]
  },
  checkoutFailure: {
    ...shared,
    drop: 0.5,
    severity: 'high',
    raiseDrop: [{ severity: 'critical', from: 0.8 }]
  },
  dataQuality: { ...shared, above: 0.05, factor: 2, valueRise: 2, valueFall: 0.4, severity: 'medium' },
  dataLoss: { enabled: true, spans, minExpected: 25, improbable: 1e-5, severity: 'critical' },
  pipelineStalled: {
    enabled: true,
    afterMs: minuteMs,
    severity: 'high',
    raiseAfterMs: [{ severity: 'critical', from: 5 * minuteMs }]
  }
}
