import type { z } from 'zod'
import type { Origin, Settings } from './document.ts'
import { type ConfigError, errorAt, pathText } from './errors.ts'
import { nearest } from './nearest.ts'
import { maskingOf, maskText } from './secrets.ts'

type Issue = z.core.$ZodIssue

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values'
}

/** Zod's error map: an issue's message says what would be right. An unknown key's names the known ones. */
export const expectedOf: z.core.$ZodErrorMap = issue => {
  const orEqual = 'inclusive' in issue && issue.inclusive === false ? 'more than' : 'at least'
  const orLess = 'inclusive' in issue && issue.inclusive === false ? 'less than' : 'at most'
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected
    case 'too_small':
      return `${orEqual} ${issue.minimum}${unit(issue.origin)}`
    case 'too_big':
      return `${orLess} ${issue.maximum}${unit(issue.origin)}`
    case 'invalid_value':
      return alternatives(issue.values.map(String))
    case 'invalid_format':
      return issue.format === 'url' ? 'a URL' : `text of the form ${issue.pattern ?? issue.format}`
    case 'unrecognized_keys':
      return keysOf(issue.inst as z.ZodObject | z.ZodRecord | undefined).join(' ')
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? alternatives(issue.options.map(String))
        : undefined
    default:
      return undefined
  }
}

/** Turns what zod found into errors with the place, what is there and what would be right. */
export function configErrors(
  issues: readonly Issue[],
  { value, origins, errors }: Settings,
  file: string
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
      if (at(value, path) === undefined) broken.add(pathText(path))
    }
  }
  return found.flatMap(issue => describe(issue))

  function describe(issue: Issue): ConfigError[] {
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(issue.message)
      return issue.keys.map(key => refuse([...issue.path, key], unknownKey(key, known), true))
    }
    if (issue.code === 'invalid_key') {
      const inner = issue.issues[0]
      const known = inner?.code === 'invalid_value' ? inner.values.map(String) : []
      const message = known.length
        ? unknownKey(String(issue.path.at(-1)), known)
        : `is not allowed as a key; expected ${inner?.message}`
      return [refuse(issue.path, message, true)]
    }
    const path = issue.path.slice(0, depth(value, issue.path))
    const text = pathText(path)
    if (broken.has(text)) return []
    broken.add(text)
    if (issue.code === 'custom' && issue.params?.['sentence']) return [refuse(path, issue.message, true)]
    const there = at(value, path)
    if (there === undefined) return [refuse(path, `is missing; expected ${issue.message}`, true)]
    if (issue.code === 'custom' && typeof there === 'object') return [refuse(path, issue.message, false)]
    const quote = issue.message === 'text' && typeof there !== 'object'
    const options = issue.code === 'invalid_value' ? issue.values.map(String) : []
    const near = typeof there === 'string' && options.length > 3 ? nearest(there, options) : undefined
    const hint = near ? ` (did you mean ${near}?)` : quote ? ': put it in quotes' : ''
    const right = isSentence(issue) ? `: ${issue.message}` : `; expected ${issue.message}${hint}`
    return [refuse(path, `is ${shown(there, path)}${right}`, false)]
  }

  function refuse(path: readonly PropertyKey[], message: string, atKey: boolean): ConfigError {
    const value = nearestOrigin(path)
    const origin = atKey ? (value?.key ?? value) : value
    return errorAt(origin ?? { place: file }, path, message)
  }

  /** A missing key has no place of its own: that of what should hold it is the nearest. */
  function nearestOrigin(path: readonly PropertyKey[]): Origin | undefined {
    for (let length = path.length; length >= 0; length--) {
      const origin = origins.get(pathText(path.slice(0, length)))
      if (origin) return length === path.length ? origin : (origin.key ?? origin)
    }
    return undefined
  }
}

/** Of a union that failed, the issues of the branch that was meant; of one whose every branch is of another type, one. */
function leaves(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const typed = issue.errors.filter(branch => !branch.some(inner => inner.path.length === 0))
  const meant = typed.toSorted((one, other) => one.length - other.length)[0]
  if (meant)
    return meant.flatMap(inner => leaves({ ...inner, path: [...issue.path, ...inner.path] } as Issue))
  if (issue.message !== 'Invalid input') return [issue]
  const expected = issue.errors.flatMap(branch =>
    branch.flatMap(inner => leaves(inner)).map(inner => inner.message)
  )
  return [{ ...issue, message: [...new Set(expected)].join(' or ') }]
}

function keysOf(schema: z.ZodObject | z.ZodRecord | undefined): string[] {
  const def = schema?._zod.def
  return def?.type === 'object' ? Object.keys(def.shape) : [...(def?.keyType._zod.values ?? [])].map(String)
}

/** As `expectedOf` writes them. */
function knownKeys(message: string): string[] {
  return message.split(' ').filter(Boolean)
}

/** A check of several values may say what is wrong with them rather than what would be right. */
function isSentence({ code, message }: Issue): boolean {
  return code === 'custom' && /^[^,:]* (is|matches) /.test(message)
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return near
    ? `is not a known key; did you mean ${near}?`
    : `is not a known key; expected ${alternatives(known)}`
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : ''
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value
  )
}

/** How many steps of a path can be gone: of a text with commas, an entry is the text itself. */
function depth(value: unknown, path: readonly PropertyKey[]): number {
  const scalar = path.findIndex((_, index) => typeof (at(value, path.slice(0, index)) ?? {}) !== 'object')
  return scalar < 0 ? path.length : scalar
}

function shown(value: unknown, path: readonly PropertyKey[]): string {
  if (Array.isArray(value)) return value.length ? 'a list' : 'an empty list'
  if (typeof value === 'object' && value !== null) return 'keys and values'
  const text = maskText(String(value), maskingOf(path))
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return typeof value === 'string' ? JSON.stringify(short) : short
}
