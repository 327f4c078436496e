import { z } from 'zod'
import { detectorDefaults as defaults } from '../../detectors/defaults.ts'
import type { DetectorsOptions, Ladder } from '../../detectors/types.ts'
import { severities } from '../detect/types.ts'
import { duration, share } from './units.ts'

const severity = z.enum(severities)

const ms = (fallback: number) => duration.default(fallback)

/** A share above 0 and below 1, given as `30%` or `0.3`. */
const part = (fallback: number) =>
  share.refine(value => value > 0 && value < 1, 'a share above 0% and below 100%').default(fallback)

const positive = (fallback: number) => z.number().positive().default(fallback)
const improbable = z
  .number()
  .gt(0)
  .lt(0.1, { error: 'a probability below 0.1, such as 1e-5' })
  .default(defaults.revenueDrop.improbable)

const spans = z
  .array(z.int().min(1).max(1_440))
  .min(1)
  .refine(
    list => list.every((span, i) => i === 0 || span > (list[i - 1] as number)),
    'spans in base windows, each longer than the one before'
  )
  .default([...defaults.revenueDrop.spans])

const statistical = (minWindows = defaults.revenueDrop.minWindows) => ({
  enabled: z.boolean().default(true),
  spans,
  min_windows: z.int().min(1).max(60).default(minWindows),
  improbable
})

interface Statistical {
  readonly enabled: boolean
  readonly spans: number[]
  readonly min_windows: number
  readonly improbable: number
}

const statisticalOptions = ({ enabled, spans, min_windows, improbable }: Statistical) => ({
  enabled,
  spans,
  minWindows: min_windows,
  improbable
})

/** Severities that a worse measure raises to: `{ high: 4, critical: 6 }`. */
const rungs = <T extends z.ZodType<number>>(measure: T, fallback: Ladder) =>
  z
    .partialRecord(severity, measure)
    .default(Object.fromEntries(fallback.map(rung => [rung.severity, rung.from])))

function ladder(steps: Partial<Record<(typeof severities)[number], number>>): Ladder {
  return severities.flatMap(name =>
    steps[name] === undefined ? [] : [{ severity: name, from: steps[name] }]
  )
}

type Issues = (path: readonly (string | number)[], message: string) => void

/** A worse severity needs a worse measure, each beyond the rule itself. */
function checkLadder(
  key: string,
  base: (typeof severities)[number],
  rule: number,
  steps: Partial<Record<(typeof severities)[number], number>>,
  issue: Issues
): void {
  let milder: { readonly severity: string; readonly from: number } = { severity: base, from: rule }
  for (const rung of ladder(steps)) {
    if (severities.indexOf(rung.severity) <= severities.indexOf(base)) {
      issue([key, rung.severity], `a severity worse than severity: ${base}`)
    } else if (rung.from < milder.from) {
      issue(
        [key, rung.severity],
        `${rung.severity} from ${rung.from} is milder than ${milder.severity} from ${milder.from}`
      )
    }
    milder = rung
  }
}

function checkSpans({ spans, min_windows }: Statistical, issue: Issues): void {
  if (spans.every(span => span < min_windows)) {
    issue(['spans'], `a span of at least min_windows: ${min_windows} windows`)
  }
}

/** Hands cross-field mistakes to zod, each at its own path. */
const checked =
  <T>(check: (value: T, issue: Issues) => void) =>
  (value: T, context: z.core.$RefinementCtx<T>) =>
    check(value, (path, message) => context.addIssue({ code: 'custom', path: [...path], message }))

const baseline = z
  .strictObject({
    warm_up: ms(defaults.baseline.warmupMs),
    level_spread: part(defaults.baseline.levelSpread),
    rate_spread: part(defaults.baseline.rateSpread),
    least_level_spread: part(defaults.baseline.leastLevelSpread),
    exclude_for: ms(defaults.baseline.excludeMs),
    suspect_for: ms(defaults.baseline.suspectMs),
    days: z.int().min(1).max(35).default(defaults.baseline.days),
    pooled: ms(defaults.baseline.pooledMs),
    usual_spread: part(defaults.baseline.usualSpread),
    day_step: part(defaults.baseline.dayStep),
    level_memory: ms(defaults.baseline.levelMemoryMs),
    wander_per_hour: part(defaults.baseline.wanderPerHour),
    rate_wander_per_hour: part(defaults.baseline.rateWanderPerHour),
    slope_per_hour: part(defaults.baseline.slopePerHour),
    slope_memory: ms(defaults.baseline.slopeMemoryMs),
    memory: ms(defaults.baseline.memoryMs)
  })
  .superRefine(
    checked(({ level_spread, rate_spread, least_level_spread }, issue) => {
      if (least_level_spread > Math.min(level_spread, rate_spread)) {
        issue(['least_level_spread'], 'at most level_spread and rate_spread')
      }
    })
  )
  .prefault({})
  .transform(value => ({
    warmupMs: value.warm_up,
    levelSpread: value.level_spread,
    rateSpread: value.rate_spread,
    leastLevelSpread: value.least_level_spread,
    excludeMs: value.exclude_for,
    suspectMs: value.suspect_for,
    days: value.days,
    pooledMs: value.pooled,
    usualSpread: value.usual_spread,
    dayStep: value.day_step,
    levelMemoryMs: value.level_memory,
    wanderPerHour: value.wander_per_hour,
    rateWanderPerHour: value.rate_wander_per_hour,
    slopePerHour: value.slope_per_hour,
    slopeMemoryMs: value.slope_memory,
    memoryMs: value.memory
  }))

const revenueDrop = z
  .strictObject({
    ...statistical(),
    drop: part(defaults.revenueDrop.drop),
    severity: severity.default(defaults.revenueDrop.severity),
    raise_drop: rungs(share, defaults.revenueDrop.raiseDrop)
  })
  .superRefine(
    checked((value, issue) => {
      checkSpans(value, issue)
      checkLadder('raise_drop', value.severity, value.drop, value.raise_drop, issue)
    })
  )
  .prefault({})
  .transform(value => ({
    ...statisticalOptions(value),
    drop: value.drop,
    severity: value.severity,
    raiseDrop: ladder(value.raise_drop)
  }))

const trafficSpike = z
  .strictObject({
    ...statistical(defaults.trafficSpike.minWindows),
    z_score: positive(defaults.trafficSpike.zScore),
    least_rise: share
      .refine(value => value >= 0, 'a share of at least 0%')
      .default(defaults.trafficSpike.leastRise),
    severity: severity.default(defaults.trafficSpike.severity),
    raise_z_score: rungs(z.number(), defaults.trafficSpike.raiseZScore),
    good_day_share: part(defaults.trafficSpike.goodDayShare),
    good_day_severity: severity.default(defaults.trafficSpike.goodDaySeverity)
  })
  .superRefine(
    checked((value, issue) => {
      checkSpans(value, issue)
      checkLadder('raise_z_score', value.severity, value.z_score, value.raise_z_score, issue)
    })
  )
  .prefault({})
  .transform(value => ({
    ...statisticalOptions(value),
    zScore: value.z_score,
    leastRise: value.least_rise,
    severity: value.severity,
    raiseZScore: ladder(value.raise_z_score),
    goodDayShare: value.good_day_share,
    goodDaySeverity: value.good_day_severity
  }))

const trafficDrop = z
  .strictObject({
    ...statistical(),
    z_score: positive(defaults.trafficDrop.zScore),
    least_drop: share
      .refine(value => value >= 0 && value < 1, 'a share of at least 0% and below 100%')
      .default(defaults.trafficDrop.leastDrop),
    severity: severity.default(defaults.trafficDrop.severity),
    raise_z_score: rungs(z.number(), defaults.trafficDrop.raiseZScore),
    raise_drop: rungs(share, defaults.trafficDrop.raiseDrop)
  })
  .superRefine(
    checked((value, issue) => {
      checkSpans(value, issue)
      checkLadder('raise_z_score', value.severity, value.z_score, value.raise_z_score, issue)
      checkLadder('raise_drop', value.severity, 0, value.raise_drop, issue)
    })
  )
  .prefault({})
  .transform(value => ({
    ...statisticalOptions(value),
    zScore: value.z_score,
    leastDrop: value.least_drop,
    severity: value.severity,
    raiseZScore: ladder(value.raise_z_score),
    raiseDrop: ladder(value.raise_drop)
  }))

const cartAbandonmentSpike = z
  .strictObject({
    ...statistical(),
    z_score: positive(defaults.cartAbandonmentSpike.zScore),
    above: part(defaults.cartAbandonmentSpike.above),
    points: part(defaults.cartAbandonmentSpike.points),
    severity: severity.default(defaults.cartAbandonmentSpike.severity),
    raise_rate: rungs(share, defaults.cartAbandonmentSpike.raiseRate)
  })
  .superRefine(
    checked((value, issue) => {
      checkSpans(value, issue)
      checkLadder('raise_rate', value.severity, value.above, value.raise_rate, issue)
    })
  )
  .prefault({})
  .transform(value => ({
    ...statisticalOptions(value),
    zScore: value.z_score,
    above: value.above,
    points: value.points,
    severity: value.severity,
    raiseRate: ladder(value.raise_rate)
  }))

const checkoutFailure = z
  .strictObject({
    ...statistical(),
    drop: part(defaults.checkoutFailure.drop),
    severity: severity.default(defaults.checkoutFailure.severity),
    raise_drop: rungs(share, defaults.checkoutFailure.raiseDrop)
  })
  .superRefine(
    checked((value, issue) => {
      checkSpans(value, issue)
      checkLadder('raise_drop', value.severity, value.drop, value.raise_drop, issue)
    })
  )
  .prefault({})
  .transform(value => ({
    ...statisticalOptions(value),
    drop: value.drop,
    severity: value.severity,
    raiseDrop: ladder(value.raise_drop)
  }))

const dataQuality = z
  .strictObject({
    ...statistical(),
    above: part(defaults.dataQuality.above),
    factor: z.number().min(1).default(defaults.dataQuality.factor),
    value_rise: z.number().gt(1).default(defaults.dataQuality.valueRise),
    value_fall: part(defaults.dataQuality.valueFall),
    severity: severity.default(defaults.dataQuality.severity)
  })
  .superRefine(checked(checkSpans))
  .prefault({})
  .transform(value => ({
    ...statisticalOptions(value),
    above: value.above,
    factor: value.factor,
    valueRise: value.value_rise,
    valueFall: value.value_fall,
    severity: value.severity
  }))

const dataLoss = z
  .strictObject({
    enabled: z.boolean().default(true),
    spans,
    min_expected: positive(defaults.dataLoss.minExpected),
    improbable,
    severity: severity.default(defaults.dataLoss.severity)
  })
  .prefault({})
  .transform(({ min_expected, ...value }) => ({ ...value, minExpected: min_expected }))

const pipelineStalled = z
  .strictObject({
    enabled: z.boolean().default(true),
    after: ms(defaults.pipelineStalled.afterMs),
    severity: severity.default(defaults.pipelineStalled.severity),
    raise_after: rungs(duration, defaults.pipelineStalled.raiseAfterMs)
  })
  .superRefine(
    checked((value, issue) =>
      checkLadder('raise_after', value.severity, value.after, value.raise_after, issue)
    )
  )
  .prefault({})
  .transform(value => ({
    enabled: value.enabled,
    afterMs: value.after,
    severity: value.severity,
    raiseAfterMs: ladder(value.raise_after)
  }))

/** The `detectors:` section: every key has a default, an unknown one is refused. */
export const detectorsSchema = z
  .strictObject({
    baseline,
    revenue_drop: revenueDrop,
    traffic_spike: trafficSpike,
    traffic_drop: trafficDrop,
    cart_abandonment_spike: cartAbandonmentSpike,
    checkout_failure: checkoutFailure,
    data_quality: dataQuality,
    data_loss: dataLoss,
    pipeline_stalled: pipelineStalled
  })
  .prefault({})
  .transform(
    (value): DetectorsOptions => ({
      baseline: value.baseline,
      revenueDrop: value.revenue_drop,
      trafficSpike: value.traffic_spike,
      trafficDrop: value.traffic_drop,
      cartAbandonmentSpike: value.cart_abandonment_spike,
      checkoutFailure: value.checkout_failure,
      dataQuality: value.data_quality,
      dataLoss: value.data_loss,
      pipelineStalled: value.pipeline_stalled
    })
  )

export type DetectorsConfig = z.output<typeof detectorsSchema>
