import type { z } from 'zod'
import { english, type Translate } from '../src/language/translator.ts'
import type { RegisteredSeries, SeriesRegistry } from './baseline/series-registry.ts'
import type { Detector } from './detector.ts'
import type { Advised } from './rules/advice.ts'
import type { Explainable } from './segments/explainable.ts'

/** What the options of every kind have. */
export interface KindOptions {
  readonly enabled: boolean
  /** Trailing sums that it looks at, in base windows. */
  readonly spans?: readonly number[]
}

/** What an open incident inhibits: whoever was notified of it is not notified of these. */
type Inhibits =
  /** All kinds with this `symptomOf`; of the whole shop in every segment, of a segment in that one. */
  | { readonly symptomsOf: 'missing_events' }
  /** A kind on the same segment that lies deeper below its expectation by no more than this share of it. */
  | {
      readonly kind: string
      readonly deeperBy: number
      /** The same once it is inhibited: both waver from window to window. */
      readonly deeperByOnceInhibited: number
    }

/** What is lost where shops break: visitors, what they buy, or what it costs. */
export type Loss = 'visitors' | 'purchases' | 'prices'

/** How thresholds of a kind are tried on the past. */
export interface Tuning {
  /** The option that is its threshold, as the configuration writes it, and which of its values find less. */
  readonly key: string
  readonly stricter: 'higher' | 'lower'
  readonly unit: 'share' | 'number'
  /** The loss that it is to find; absent where it finds what comes in addition. */
  readonly finds?: Loss
  /** Kinds whose findings it takes into account. */
  readonly beside?: readonly string[]
}

/** An anomaly kind: its name, what is known of it, its section of the configuration, and its detector. */
export interface Kind<Name extends string = string, Options extends KindOptions = KindOptions> {
  readonly kind: Name
  /** In English, as `checkFirst`; other languages have them in their catalogues. */
  readonly title: string
  /** The metric that it is mostly found in. */
  readonly metric: string
  readonly summary: string
  /** What a message says to check first; the configuration can replace it. */
  readonly checkFirst: string
  /** The same for what was found; undefined where `checkFirst` fits it. */
  readonly adviceOn?: (found: Advised, t?: Translate) => string | undefined
  /** Which receiver it goes to if the environment alone names receivers. */
  readonly area: 'revenue' | 'technical'
  /** What is wrong. A calendar entry without `kinds` leaves out what is about the pipeline. */
  readonly about: 'shop' | 'data' | 'pipeline'
  /** Found in closed windows, or in the state of the pipeline by the wall clock. */
  readonly source: 'windows' | 'pipeline'
  /** Receivers notified of its beginning are notified of its end, whatever their `send_resolved` says. */
  readonly alwaysNotifiesEnd?: true
  /** Missing events alone look like it. */
  readonly symptomOf?: 'missing_events'
  readonly inhibits?: Inhibits
  /** How segments explain a finding on the whole shop; absent where they do not. */
  readonly explainable?: Explainable
  /** Segments show it by themselves: findings of such kinds, on them and on the whole shop, can be of one cause. */
  readonly foundInSegments?: true
  /** Alerts of its rules, which their segments name first, are never of one cause. */
  readonly separatesRules?: true
  /** Incomplete windows are judged too: it is about what they lack. */
  readonly judgesIncomplete?: true
  /** Absent where no single option decides, or where segments are judged. */
  readonly tuning?: Tuning
  readonly options: z.ZodType<Options>
  /**
   * Absent if windows do not show it; gives undefined if its options leave nothing to look at. `series` are compared over
   * the options' spans, those of `shop` over others.
   */
  create?(series: RegisteredSeries, options: Options, shop: SeriesRegistry): Detector | undefined
}

/** A kind as its file says it: without texts of its own, those of the catalogues are taken. */
type Written<Name extends string, Options extends KindOptions> = Omit<
  Kind<Name, Options>,
  'title' | 'checkFirst'
> &
  Partial<Pick<Kind, 'title' | 'checkFirst'>>

/** Ties the detector's options to what the section's schema gives. */
export function defineKind<const Name extends string, Options extends KindOptions>(
  kind: Written<Name, Options>
): Kind<Name, Options> {
  // Catalogues are read when somebody asks.
  return {
    get title() {
      return english(`kind.${kind.kind}.title`)
    },
    get checkFirst() {
      return english(`kind.${kind.kind}.check_first`)
    },
    ...kind
  }
}
