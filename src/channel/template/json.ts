import { messageOf } from '../../telemetry/message.ts'
import { visible } from '../../telemetry/visible-text.ts'
import { type Made, made, refused } from './job.ts'
import { mapMarked, markValue, unmarked } from './spans.ts'

/** JSON whose texts are marked as values. */
export function markedJson(value: unknown): string {
  if (typeof value === 'string') return `"${markValue(value)}"`
  if (Array.isArray(value)) return `[${value.map(markedJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined)
    return `{${entries.map(([key, one]) => `"${markValue(key)}":${markedJson(one)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

/** Parses what a template gave, its values still marked. Commas too many, as loops and conditions leave them, do not matter. */
export function parseMarked(text: string): Made<unknown> {
  const escaped = mapMarked(text, value => JSON.stringify(value).slice(1, -1))
  try {
    return made(JSON.parse(withoutSpareCommas(escaped)))
  } catch (error) {
    return refused(
      `gives no JSON: ${visible(unmarked(messageOf(error)))}; values need quotes around them, or | json`
    )
  }
}

/** Of commas, those that separate nothing go; strings are kept whole, one that does not end up to the end. */
function withoutSpareCommas(json: string): string {
  let tidy = ''
  let last = '['
  let isDue = false
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*(?:"|\\?$)|[^",]+|,/gs)) {
    if (token === ',') isDue = true
    else if (token.trim() !== '') {
      const separates = last !== '[' && last !== '{' && !/^\s*[\]}]/.test(token)
      tidy += isDue && separates ? `,${token}` : token
      last = token.trimEnd().at(-1) ?? ''
      isDue = false
    }
  }
  return tidy
}

/** The text within a map, by its key. */
export type ChangeText = (
  text: string,
  key: string | null,
  holder: Readonly<Record<string, unknown>>
) => string

const deepest = 100

/** Changes each text of a parsed value, and its keys as those of no map. */
export function mapTexts(value: unknown, change: ChangeText): unknown {
  const nowhere = {}
  function walk(
    one: unknown,
    key: string | null,
    holder: Readonly<Record<string, unknown>>,
    depth: number
  ): unknown {
    if (depth > deepest) throw new Error('gives lists and maps that lie too deep within each other')
    if (typeof one === 'string') return change(one, key, holder)
    if (Array.isArray(one)) return one.map(element => walk(element, key, holder, depth + 1))
    if (typeof one !== 'object' || one === null) return one
    const map = one as Readonly<Record<string, unknown>>
    return Object.fromEntries(
      Object.entries(map).map(([name, inner]) => [unmarked(name), walk(inner, name, map, depth + 1)])
    )
  }
  return walk(value, null, nowhere, 0)
}
