import type { Origin } from './document.ts'
import { pathText } from './errors.ts'

/** What is missing has no place of its own: that of what should hold it is the nearest. */
export function nearestOrigin(
  origins: ReadonlyMap<string, Origin>,
  path: readonly PropertyKey[]
): Origin | undefined {
  for (let length = path.length; length >= 0; length--) {
    const origin = origins.get(pathText(path.slice(0, length)))
    if (origin) return length === path.length ? origin : (origin.key ?? origin)
  }
  return undefined
}
