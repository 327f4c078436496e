import type { Severity } from '../src/detect/types.ts'

/** Severities that a worse measure raises a finding to, mildest first: `from` is the measure, in the rule's own sense. */
export type Ladder = readonly { readonly severity: Severity; readonly from: number }[]

/** What every detector on trailing sums has. */
export interface SpanOptions {
  readonly enabled: boolean
  /** Trailing sums that are tested, in base windows, shortest first. */
  readonly spans: readonly number[]
  /** A finding also holds, more weakly, without all but one of this many of its most extreme windows. */
  readonly minWindows: number
  /** How improbable a finding must be for this detector at one close, shared out over its spans. */
  readonly improbable: number
}

export interface RevenueDropOptions extends SpanOptions {
  /** Share below the baseline. */
  readonly drop: number
  readonly severity: Severity
  readonly raiseDrop: Ladder
}

export interface TrafficSpikeOptions extends SpanOptions {
  readonly zScore: number
  /** A smaller rise, as a share of the baseline, is none. */
  readonly leastRise: number
  readonly severity: Severity
  readonly raiseZScore: Ladder
  /** Where orders or cart adds rise with at least this share of the traffic's own rise (in logarithms), it is a good day. */
  readonly goodDayShare: number
  readonly goodDaySeverity: Severity
}

export interface TrafficDropOptions extends SpanOptions {
  /** Positive: how far below. */
  readonly zScore: number
  /** A smaller drop, as a share of the baseline, is none. */
  readonly leastDrop: number
  readonly severity: Severity
  readonly raiseZScore: Ladder
  readonly raiseDrop: Ladder
}

export interface CartAbandonmentOptions extends SpanOptions {
  readonly zScore: number
  /** The rate must be above this and above its baseline by `points`. */
  readonly above: number
  readonly points: number
  readonly severity: Severity
  readonly raiseRate: Ladder
}

export interface CheckoutFailureOptions extends SpanOptions {
  /** Share below the baseline. */
  readonly drop: number
  readonly severity: Severity
  readonly raiseDrop: Ladder
}

export interface DataQualityOptions extends SpanOptions {
  /** The share of faults must be above this and `factor` times its baseline. */
  readonly above: number
  readonly factor: number
  /** The mean amount of a purchase may not rise to this many times its baseline, nor fall to this share of it. */
  readonly valueRise: number
  readonly valueFall: number
  readonly severity: Severity
}

export interface DataLossOptions {
  readonly enabled: boolean
  readonly spans: readonly number[]
  /** Events that were expected in the empty windows. */
  readonly minExpected: number
  readonly improbable: number
  readonly severity: Severity
}

/** Raised from the state of the source, not from windows. */
export interface PipelineStalledOptions {
  readonly enabled: boolean
  readonly afterMs: number
  readonly severity: Severity
  readonly raiseAfterMs: Ladder
}

export interface BaselineOptions {
  /** Windows of history before anything is judged. */
  readonly warmupMs: number
  /** How far a level, and a rate or a mean amount, is believed to stray until it is learned, a share. */
  readonly levelSpread: number
  readonly rateSpread: number
  readonly leastLevelSpread: number
  /** Windows of a finding do not train for this long at most. */
  readonly excludeMs: number
  /** Windows that look odd, but are no finding (yet), do not train for this long at most. */
  readonly suspectMs: number
  /** Days of the same time of day that are remembered, and minutes on either side that are pooled. */
  readonly days: number
  readonly pooledMs: number
  /** How far a day's level usually is from the others', and may jump at midnight. */
  readonly usualSpread: number
  readonly dayStep: number
  /** How fast a level comes back to the usual one of its time of day. */
  readonly levelMemoryMs: number
  /** Before the day's curve is known: how far the level wanders, and how steep the curve may be, in an hour. */
  readonly wanderPerHour: number
  /** How far a rate or a mean amount wanders in an hour. */
  readonly rateWanderPerHour: number
  readonly slopePerHour: number
  readonly slopeMemoryMs: number
  /** Memory of spreads and dispersions. */
  readonly memoryMs: number
}

export interface DetectorsOptions {
  readonly baseline: BaselineOptions
  readonly revenueDrop: RevenueDropOptions
  readonly trafficSpike: TrafficSpikeOptions
  readonly trafficDrop: TrafficDropOptions
  readonly cartAbandonmentSpike: CartAbandonmentOptions
  readonly checkoutFailure: CheckoutFailureOptions
  readonly dataQuality: DataQualityOptions
  readonly dataLoss: DataLossOptions
  readonly pipelineStalled: PipelineStalledOptions
}
