import type { ConfigError } from '../errors.ts'
import type { Note } from './note.ts'
import { includes, type Level, type RuleId, ruleOf } from './rules.ts'

/** One thing that a check says of a configuration. */
export interface Finding {
  readonly rule: RuleId
  readonly as: 'error' | 'warning' | 'recommendation'
  readonly place: string | null
  readonly line: number | null
  readonly column: number | null
  /** Null where it is about the whole. */
  readonly path: string | null
  readonly message: string
  readonly remedy: string
}

export const findingOf = ({ rule, place, line, column, path, message }: ConfigError): Finding => ({
  rule,
  as: 'error',
  place,
  line: line ?? null,
  column: column ?? null,
  path: path || null,
  message,
  remedy: ruleOf(rule).remedy
})

/** What a level makes of notes; those of a stricter one are left out. Place and path are not repeated in the message. */
export function findingsOf(notes: readonly Note[], level: Level): Finding[] {
  return notes
    .filter(({ rule }) => includes(level, ruleOf(rule).from))
    .map(({ rule, place, line, column, path, text }): Finding => {
      const { as, errorFrom, remedy } = ruleOf(rule)
      const isError = errorFrom !== undefined && includes(level, errorFrom)
      return {
        rule,
        as: isError ? 'error' : as,
        place,
        line: line ?? null,
        column: column ?? null,
        path: path || null,
        message: [`${place}: `, `${path} `, `${place?.replace('environment variable ', '')} `].reduce(
          without,
          text
        ),
        remedy
      }
    })
}

const without = (text: string, start: string): string =>
  start !== ' ' && text.startsWith(start) ? text.slice(start.length) : text
