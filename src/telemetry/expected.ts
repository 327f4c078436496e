import type { z } from 'zod'

export type Issue = z.core.$ZodIssue

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
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    default:
      return 'another value'
  }
}

export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function keysOf(schema: z.ZodObject | z.ZodRecord | undefined): string[] {
  const def = schema?._zod.def
  return def?.type === 'object' ? Object.keys(def.shape) : [...(def?.keyType._zod.values ?? [])].map(String)
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' in the list' : ''
}

/** As `expectedOf` writes them. */
export function knownKeys(message: string): string[] {
  return message.split(' ').filter(Boolean)
}

/** Of a union that failed, the issues of the branch that was meant; of one whose every branch is of another type, one. */
export function leaves(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const typed = issue.errors.filter(branch => !branch.some(inner => inner.path.length === 0))
  const meant = typed.toSorted((one, other) => one.length - other.length)[0]
  if (meant)
    return meant.flatMap(inner => leaves({ ...inner, path: [...issue.path, ...inner.path] } as Issue))
  if (issue.message !== 'Invalid input') return [issue]
  // A branch that is of the right type was meant.
  const fitting = issue.errors.find(branch => branch.every(inner => inner.code !== 'invalid_type'))
  if (fitting)
    return fitting.flatMap(inner => leaves({ ...inner, path: [...issue.path, ...inner.path] } as Issue))
  const expected = issue.errors.flatMap(branch =>
    branch.flatMap(inner => leaves(inner)).map(inner => inner.message)
  )
  return [{ ...issue, message: [...new Set(expected)].join(' or ') }]
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value
  )
}
