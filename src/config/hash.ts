import { createHash } from 'node:crypto'
import { type EffectiveConfig, withoutSecrets } from './effective.ts'

/** Twelve hexadecimal digits that change with what the configuration means, not with how it is written nor its secrets. */
export function configHash(effective: EffectiveConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(withoutSecrets(effective))))
    .digest('hex')
    .slice(0, 12)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)])
  )
}
