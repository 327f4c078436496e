import { alternatives, type Issue, knownKeys, leaves, valueAt } from '../telemetry/expected.ts'
import type { Settings } from './document.ts'
import { type ConfigError, errorAt, pathText } from './errors.ts'
import { nearest } from './nearest.ts'
import { nearestOrigin } from './nearest-origin.ts'
import { type RuleId, rules } from './rules/rules.ts'
import { maskingOf, maskText } from './secrets.ts'

/** Turns what zod found into errors with the place, what is there and what would be right. */
export function configErrors(
  issues: readonly Issue[],
  { value, origins, errors }: Settings,
  file: string,
  isRightAsText: (path: readonly PropertyKey[]) => boolean = () => false
): ConfigError[] {
  // What could not be read at all has its error already.
  const broken = new Set(errors.map(error => error.path).filter(Boolean))
  const found = issues.flatMap(issue => leaves(issue))
  // A misspelled key is one error: the right one is not reported as missing, too.
  for (const issue of found) {
    if (issue.code !== 'unrecognized_keys') continue
    for (const key of issue.keys) {
      const meant = nearest(key, knownKeys(issue.message))
      const path = [...issue.path, meant ?? key]
      if (valueAt(value, path) === undefined) broken.add(pathText(path))
    }
  }
  return found.flatMap(issue => describe(issue))

  function describe(issue: Issue): ConfigError[] {
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(issue.message)
      return issue.keys.map(key => refuse('unknown-key', [...issue.path, key], unknownKey(key, known), true))
    }
    if (issue.code === 'invalid_key') {
      const inner = issue.issues[0]
      const known = inner?.code === 'invalid_value' ? inner.values.map(String) : []
      const message = known.length
        ? unknownKey(String(issue.path.at(-1)), known)
        : `is not allowed as a key; expected ${inner?.message}`
      return [refuse('unknown-key', issue.path, message, true)]
    }
    const path = issue.path.slice(0, depth(value, issue.path))
    const text = pathText(path)
    if (broken.has(text)) return []
    broken.add(text)
    if (issue.code === 'custom' && issue.params?.['sentence'])
      return [refuse(ruleIn(issue.params), path, issue.message, true)]
    const there = valueAt(value, path)
    if (there === undefined) return [refuse('missing-key', path, absent(issue), true)]
    if (issue.code === 'custom' && typeof there === 'object')
      return [refuse('wrong-value', path, issue.message, false)]
    const quote = issue.message === 'text' && typeof there !== 'object' && isRightAsText(path)
    const options = issue.code === 'invalid_value' ? issue.values.map(String) : []
    const near = typeof there === 'string' && options.length > 3 ? nearest(there, options) : undefined
    const hint = near ? ` (did you mean ${near}?)` : quote ? ': put it in quotes' : ''
    const right = isSentence(issue) ? `: ${issue.message}` : `; expected ${issue.message}${hint}`
    return [refuse('wrong-value', path, `is ${shown(there, path)}${right}`, false)]
  }

  function refuse(rule: RuleId, path: readonly PropertyKey[], message: string, atKey: boolean): ConfigError {
    const value = nearestOrigin(origins, path)
    const origin = atKey ? (value?.key ?? value) : value
    return errorAt(origin ?? { place: file }, path, message, rule)
  }
}

/** That of an error which was found outside the schema, if it has one. */
const ruleIn = ({ rule }: Readonly<Record<string, unknown>>): RuleId =>
  typeof rule === 'string' && rule in rules ? (rule as RuleId) : 'inconsistent-settings'

/** A check of several values may say what is wrong with them rather than what would be right. */
function isSentence({ code, message }: Issue): boolean {
  return code === 'custom' && /^[^,:]* (is|matches) /.test(message)
}

/** A check of several values finds fault with one that is left at its default. */
function absent(issue: Issue): string {
  if (issue.code !== 'custom') return `is missing; expected ${issue.message}`
  return isSentence(issue) ? `at its default: ${issue.message}` : `at its default; expected ${issue.message}`
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return near
    ? `is not a known key; did you mean ${near}?`
    : `is not a known key; expected ${alternatives(known)}`
}

/** How many steps of a path can be gone: of a text with commas, an entry is the text itself. */
function depth(value: unknown, path: readonly PropertyKey[]): number {
  const scalar = path.findIndex(
    (_, index) => typeof (valueAt(value, path.slice(0, index)) ?? {}) !== 'object'
  )
  return scalar < 0 ? path.length : scalar
}

function shown(value: unknown, path: readonly PropertyKey[]): string {
  if (Array.isArray(value)) return value.length ? `a list of ${value.length}` : 'an empty list'
  if (typeof value === 'object' && value !== null) return 'keys and values'
  const text = maskText(String(value), maskingOf(path))
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return typeof value === 'string' ? JSON.stringify(short) : short
}
