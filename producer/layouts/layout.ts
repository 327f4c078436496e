import type { WriteLine } from '../record.ts'
import { ga4Lines } from './ga4.ts'
import { nativeLines } from './native.ts'
import { posthogLines } from './posthog.ts'
import { rees46Lines } from './rees46.ts'
import { segmentLines } from './segment.ts'
import { shopifyLines } from './shopify.ts'

/** What writes a seed's steps, by layout. */
export const writers = {
  native: nativeLines,
  rees46: rees46Lines,
  ga4: ga4Lines,
  segment: segmentLines,
  shopify: shopifyLines,
  posthog: posthogLines
} satisfies Record<string, (seed: number, currency: string) => WriteLine>

/** Whose words the records are in. */
export type Layout = keyof typeof writers
export const layouts = Object.keys(writers) as readonly Layout[]
