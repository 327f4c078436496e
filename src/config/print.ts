import { stringify } from 'yaml'
import type { EffectiveConfig } from './effective.ts'

/** The effective configuration as YAML that could be the file itself, but for the masked secrets. */
export function printConfig(effective: EffectiveConfig): string {
  return stringify(effective, { lineWidth: 110 })
}
