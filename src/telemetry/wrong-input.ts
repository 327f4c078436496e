import type { z } from 'zod'
import { alternatives, knownKeys, leaves, valueAt } from './expected.ts'
import { visible } from './visible-text.ts'

/**
 * What is wrong with what a person or a program sent, and what would be right; `value` was read with `expectedOf`, and
 * stood at `above`.
 */
export function wrongInput(error: z.ZodError, value: unknown, above: Path = []): string {
  const problems = error.issues.flatMap(leaves).flatMap(issue => {
    if (issue.code === 'unrecognized_keys') {
      const known = alternatives(knownKeys(issue.message))
      return issue.keys.map(
        key => `${pathOf([...above, ...issue.path, key])} is not a known key; expected ${known}`
      )
    }
    const path = [...above, ...issue.path]
    if (path.length === 0) return [`expected ${issue.message}`]
    return [`${pathOf(path)} is ${shown(valueAt(value, issue.path))}; expected ${issue.message}`]
  })
  return [...new Set(problems)].join('. ')
}

function shown(there: unknown): string {
  if (there === undefined) return 'missing'
  if (typeof there === 'object') return Array.isArray(there) ? 'a list' : 'keys and values'
  return visible(JSON.stringify(typeof there === 'string' ? there.slice(0, longest) : there))
}

/** Of what was sent, so much is repeated. */
const longest = 80

type Path = readonly PropertyKey[]

const pathOf = (path: Path): string =>
  path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at > 0 ? '.' : ''}${String(step)}`))
    .join('')
