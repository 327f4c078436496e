import { pathsOf } from './alternatives.ts'
import { valueAt } from './path.ts'
import { isAbsent } from './record.ts'
import type { Condition, Structure } from './structure.ts'

/** Longer texts are matched by their beginning: a pattern must not take long. */
const maxTextLength = 1_000

/** Whether a record is left out: all conditions of one of the entries hold. */
export type IsIgnored = (record: object) => boolean

export function createIsIgnored(ignore: Structure['ignore'] = []): IsIgnored | undefined {
  if (ignore.length === 0) return undefined
  const entries = ignore.map(conditions =>
    Object.entries(conditions).map(([text, values]) => {
      const [path = []] = pathsOf(text)
      const tests = values.map(testOf)
      return (record: object) => {
        const value = valueAt(record, path)
        return tests.some(test => test(value))
      }
    })
  )
  return record => entries.some(tests => tests.every(test => test(record)))
}

/** A text between slashes is a pattern; `true` and "true" are the same, and an empty text is absent. */
function testOf(condition: Condition): (value: unknown) => boolean {
  if (condition === '') return isAbsent
  const pattern = patternOf(condition)
  const plain = String(condition)
  return value => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false
    const text = String(value)
    return pattern instanceof RegExp ? pattern.test(text.slice(0, maxTextLength)) : text === plain
  }
}

/** The pattern that `/…/i` is; undefined where it is a plain value, `broken` where it is no regular expression. */
export function patternOf(condition: Condition): RegExp | 'broken' | undefined {
  const [, source, flags] = /^\/(.+)\/(i?)$/.exec(String(condition)) ?? []
  if (typeof condition !== 'string' || source === undefined) return undefined
  try {
    return new RegExp(source, flags)
  } catch {
    return 'broken'
  }
}
