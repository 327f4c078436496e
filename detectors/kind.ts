import type { z } from 'zod'
import type { Shop, ShopSeries } from './baseline/series-registry.ts'
import type { Detector } from './detector.ts'

/** What the options of every kind have. */
export interface KindOptions {
  readonly enabled: boolean
  /** Trailing sums that it looks at, in base windows. */
  readonly spans?: readonly number[]
}

/** An anomaly kind: its name everywhere, what a person reads, its section of the configuration, and its detector. */
export interface Kind<Name extends string = string, Options extends KindOptions = KindOptions> {
  readonly kind: Name
  readonly title: string
  readonly metric: string
  /** How value and expected value are to be read. */
  readonly unit: 'money' | 'count' | 'share' | 'seconds' | 'number'
  readonly summary: string
  readonly options: z.ZodType<Options>
  /** Absent where windows do not show it; undefined where its options leave nothing to look at. `series` are compared over the options' spans, those of `shop` over others. */
  create?(series: ShopSeries, options: Options, shop: Shop): Detector | undefined
}

/** Ties the detector's options to what the section's schema gives. */
export function defineKind<const Name extends string, Options extends KindOptions>(
  kind: Kind<Name, Options>
): Kind<Name, Options> {
  return kind
}
