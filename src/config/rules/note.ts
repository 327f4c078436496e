import type { Origin } from '../document.ts'
import { pathText } from '../errors.ts'
import { nearestOrigin } from '../nearest-origin.ts'
import type { RuleId } from './rules.ts'

/** What is allowed but should be known. Contains no secret. */
export interface Note {
  readonly rule: RuleId
  /** As `ConfigError.place`; null where no line and no variable has it. */
  readonly place: string | null
  readonly line?: number
  readonly column?: number
  /** As `ConfigError.path`. */
  readonly path: string
  /** A whole sentence, which names what it is about. */
  readonly text: string
}

export type NotedPath = readonly (string | number)[]

/** A note on what is at a path, with the place of what is nearest to it. */
export function noteAt(
  origins: ReadonlyMap<string, Origin>,
  rule: RuleId,
  path: NotedPath,
  text: string
): Note {
  const origin = nearestOrigin(origins, path)
  // The file as a whole is no place: it may not even be there.
  const { place = null, line, column } = origin === origins.get('') ? {} : (origin ?? {})
  return { rule, place, ...(line && { line }), ...(column && { column }), path: pathText(path), text }
}

/** A note on the configuration as a whole. */
export const noteOf = (rule: RuleId, text: string, place: string | null = null): Note => ({
  rule,
  place,
  path: '',
  text
})
