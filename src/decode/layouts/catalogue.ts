import type { Layout } from '../layout.ts'
import { ga4 } from './ga4.ts'
import { native } from './native.ts'
import { rees46 } from './rees46.ts'
import { segment } from './segment.ts'

/** The layouts that a configuration can name: one more is a file here and a line. */
export const layouts = { native, rees46, ga4, segment } as const satisfies Record<string, Layout>
export type LayoutName = keyof typeof layouts
export const layoutNames = Object.keys(layouts) as readonly LayoutName[]
