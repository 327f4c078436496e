import type { Layout } from '../layout.ts'
import { commercetools } from './commercetools.ts'
import { ga4 } from './ga4.ts'
import { matomo } from './matomo.ts'
import { native } from './native.ts'
import { posthog } from './posthog.ts'
import { rees46 } from './rees46.ts'
import { rudderstack } from './rudderstack.ts'
import { segment } from './segment.ts'
import { shopify } from './shopify.ts'
import { snowplow } from './snowplow.ts'
import { woocommerce } from './woocommerce.ts'

/** The layouts that a configuration can name: one more is a file here and a line. */
export const layouts = {
  native,
  rees46,
  ga4,
  segment,
  shopify,
  woocommerce,
  commercetools,
  snowplow,
  posthog,
  rudderstack,
  matomo
} as const satisfies Record<string, Layout>
export type LayoutName = keyof typeof layouts
export const layoutNames = Object.keys(layouts) as readonly LayoutName[]
