import type { Said } from '../src/language/phrase.ts'
import type { Scale, WindowMetrics } from '../src/metrics/types.ts'
import type { Segment } from '../src/window/segment.ts'

/** Severities that a worse measure raises a finding to, mildest first, and the measure from which each holds. */
export type Ladder = readonly { readonly severity: Severity; readonly from: number }[]

export const severities = ['low', 'medium', 'high', 'critical'] as const

export type Severity = (typeof severities)[number]

/** What one segment has to do with a finding: its own change against its own expectation. */
export interface SegmentShare {
  readonly segment: Segment
  /** The segment's change ÷ the whole change: 1 is all of it. */
  readonly share: number
  /** Over the finding's span, in the finding's unit. */
  readonly value: number
  readonly expected: number
}

/** What a person reads, in English; and for other languages. */
export type Sentence = Pick<Finding, 'details' | 'said'>

/** A finding for one span of windows and one segment, before it has an identity and a time of detection. */
export interface Finding extends Scale {
  /** The anomaly kind, e.g. `revenue_drop`; also the detector's key in the configuration. */
  readonly kind: string
  readonly metric: string
  readonly segment: Segment
  readonly severity: Severity
  /** The span that was judged, [windowStart, windowEnd) in milliseconds. */
  readonly windowStart: number
  readonly windowEnd: number
  /** Current and expected value over the span, in `unit`. */
  readonly value: number
  readonly expected: number
  /** One sentence for a person: what, how much, against what was expected, what it may mean. */
  readonly details: string
  /** What `details` says in English, for other languages; absent where an earlier version or another service wrote it. */
  readonly said?: Said | undefined
  readonly evidence: Evidence
  /** The segments that explain it, the one with the greatest share of the change first; empty where none stands out. */
  readonly explainedBy: readonly SegmentShare[]
  /** Of a metric that adds up, each of the newest windows alone, the newest first; zeros where it is incomplete. Not stored. */
  readonly amounts?: readonly Amount[]
  /** Of what another service raised: for routes and silences. */
  readonly labels?: Readonly<Record<string, string>>
  /** When the condition began, where that is known better than by its windows. Not stored. */
  readonly since?: number
}

/** In the finding's unit. */
export interface Amount {
  readonly value: number
  readonly expected: number
}

/** What the finding rests on, stored with its row; plain JSON values. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>

/**
 * What was expected of a metric in one window, and from which values on a finding would begin there. `null` is an edge
 * that nothing watches, or beyond which no value of one window is odd enough.
 */
export interface Band {
  readonly state: 'judged' | 'warming_up' | 'incomplete'
  readonly expected: number | null
  readonly lower: number | null
  readonly upper: number | null
}

/** The bands of a window, by metric and segment. What nothing watches has none. */
export type Bands = ReadonlyMap<string, ReadonlyMap<Segment, Band>>

/** A window as it was judged. */
export interface JudgedWindow extends WindowMetrics {
  /** Absent where nobody judged it, or nobody wants to know. */
  readonly bands?: Bands | undefined
}

/** What a closed window says of every kind: found, or judged and normal, or not judged (warming up, incomplete). */
export interface Verdict {
  readonly windowStart: number
  readonly windowEnd: number
  readonly findings: readonly Finding[]
  /** Kinds that had what they need to judge this window, found or not. */
  readonly judged: readonly string[]
  /** Kinds that were not found but whose condition in the whole shop lasts, by milder evidence than opened it. */
  readonly lasting?: readonly string[]
  /** Kinds found here whose level has lasted: from the next window on it is what is expected. */
  readonly believed?: readonly string[]
  /** Kinds whose level was believed and is left: what it was before is back. */
  readonly back?: readonly string[]
  /** How conditions stand that were found before and are not found here, where that is known of each by itself. */
  readonly standing?: readonly Standing[]
  /** Set where the window lacks data, so that nobody knows how the conditions of those before it went on. */
  readonly isGap?: boolean
  /** Where they are wanted. */
  readonly bands?: Bands
  /** Set where the condition is known to be over, not only absent: what is open ends at once, with this sentence. */
  readonly over?: string
  /** The same for other languages. */
  readonly overSaid?: Said | undefined
}

/** A condition that lasts although it is not found, or that is known to be over. */
export interface Standing {
  readonly kind: string
  readonly segment: Segment
  readonly state: 'lasts' | 'over'
}

/** An anomaly: a finding with its identity. `id` is a name-based UUID of (pipeline, kind, segment, windowEnd). */
export interface Anomaly extends Finding {
  readonly id: string
  readonly pipeline: string
  /** Milliseconds since the epoch; survives a re-detection. */
  readonly detectedAt: number
  readonly configHash: string
}

/** How far a detector's baseline has come. */
export interface Warmup {
  readonly kind: string
  readonly windowsSeen: number
  readonly windowsNeeded: number
}

interface AlsoLearns {
  /** Metrics whose segments are read. */
  readonly segmentMetrics: readonly string[]
  /** Takes in a window that lacks data: what is known of it counts for sums, and no baseline learns it. */
  learnIncomplete(window: WindowMetrics): void
}

/** The detection stage: fed every closed window in order, once. */
export interface Detection {
  /** Learns a window without judging it, for history read back from the store. */
  learn(window: WindowMetrics): void
  /** Judges a window against what was learned before it, then learns it. */
  judge(window: WindowMetrics): Verdict
  warmup(): readonly Warmup[]
  /** What it has to learn of the past beside what every shop's detectors do; absent where that is all. */
  readonly alsoLearns?: AlsoLearns
}
